package cx.niro.core.protocol;

import org.jspecify.annotations.Nullable;

/**
 * What the server asks of its agents; sent with every enrollment, with the first heartbeat reply
 * and again now and then. What is absent stays as it was, and at first the agent's own default.
 */
public record AgentSettings(
    @Nullable @Range(min = 1) Long heartbeatIntervalMillis,
    @Nullable @Range(max = 55) Integer pollWaitSeconds,
    @Nullable @Range(min = 1, max = 64) Integer pollSlots) {
  public static final AgentSettings DEFAULT =
      new AgentSettings(
          Protocol.HEARTBEAT_INTERVAL.toMillis(),
          (int) Protocol.POLL_WAIT.toSeconds(),
          Protocol.POLL_SLOTS);
}
