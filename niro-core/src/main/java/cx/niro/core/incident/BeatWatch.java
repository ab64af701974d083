package cx.niro.core.incident;

import cx.niro.core.BootId;
import cx.niro.core.protocol.BeatTiming;
import java.time.Duration;
import java.time.Instant;

/**
 * Counts the heartbeats of one cluster, in constant time for each and about 400 bytes. A server
 * keeps it in memory: after its start the facts are unknown until they were counted anew.
 * Immutable.
 */
public final class BeatWatch {
  /** Nothing heard yet. */
  public static final BeatWatch EMPTY = new BeatWatch(Deliveries.NONE, ClockOffsets.NONE);

  private static final Duration USUAL = Duration.ofSeconds(15);
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private final Deliveries deliveries;
  private final ClockOffsets offsets;

  private BeatWatch(Deliveries deliveries, ClockOffsets offsets) {
    this.deliveries = deliveries;
    this.offsets = offsets;
  }

  /**
   * The same after one more accepted beat.
   *
   * @param boot the agent process that sent it
   * @param fromHere the time before counts for nothing, because the server itself was away, or
   *     because the cluster was offline: that is told as such
   */
  public BeatWatch heard(BootId boot, BeatTiming timing, Instant now, Instant fromHere) {
    Long announced = timing.intervalMillis();
    Duration interval = announced == null ? USUAL : Duration.ofMillis(Math.max(1000, announced));
    Duration bounded = interval.compareTo(LONGEST) > 0 ? LONGEST : interval;
    return new BeatWatch(
        deliveries.heard(now, bounded, fromHere), offsets.heard(boot, timing, now));
  }

  /** The same after a beat that the server refused, as when there were too many: no gap is seen. */
  public BeatWatch refused(Instant now) {
    return new BeatWatch(deliveries.excused(now), offsets);
  }

  /** As of the newest beat. */
  public BeatFacts facts() {
    Long ahead = offsets.aheadMillis();
    return new BeatFacts(
        deliveries.percent(),
        deliveries.longGaps(),
        ahead == null ? null : Duration.ofMillis(ahead),
        NodeLoads.NONE);
  }
}
