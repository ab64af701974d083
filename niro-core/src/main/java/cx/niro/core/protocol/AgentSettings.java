package cx.niro.core.protocol;

import org.jspecify.annotations.Nullable;

/**
 * What the server asks of its agents; sent with every enrollment and heartbeat reply. An agent
 * keeps its own default for what is absent.
 */
public record AgentSettings(
    @Nullable Long heartbeatIntervalMillis,
    @Nullable Integer pollWaitSeconds,
    @Nullable Integer pollSlots) {
  public static final AgentSettings DEFAULT =
      new AgentSettings(
          Protocol.HEARTBEAT_INTERVAL.toMillis(),
          (int) Protocol.POLL_WAIT.toSeconds(),
          Protocol.POLL_SLOTS);
}
