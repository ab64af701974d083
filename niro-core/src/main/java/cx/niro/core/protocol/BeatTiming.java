package cx.niro.core.protocol;

import org.jspecify.annotations.Nullable;

/**
 * The agent's clocks, by which a server measures skew; no decision about liveness rests on them.
 *
 * @param sentAt the cluster's clock, epoch milliseconds
 * @param uptimeMillis since the agent started, monotonic
 * @param intervalMillis the interval the agent keeps at the moment; null for the usual 15 s
 * @param lastServerTime {@code serverTime} of the last reply, echoed
 * @param lastRoundTripMillis how long the last exchange took
 */
public record BeatTiming(
    @Range long sentAt,
    @Nullable @Range Long uptimeMillis,
    @Nullable @Range Long intervalMillis,
    @Nullable @Range Long lastServerTime,
    @Nullable @Range Long lastRoundTripMillis) {}
