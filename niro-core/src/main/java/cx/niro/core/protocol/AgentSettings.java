package cx.niro.core.protocol;

import org.jspecify.annotations.Nullable;

/**
 * What the server asks of its agents; sent with every enrollment and heartbeat reply. An agent
 * keeps its own default for what is absent.
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
