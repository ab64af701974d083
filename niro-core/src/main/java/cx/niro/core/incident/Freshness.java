package cx.niro.core.incident;

import cx.niro.core.incident.DetectionInput.Liveness;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far the newest heartbeat can be trusted to describe the cluster still: for 3 intervals. The
 * interval follows from the unknown window, which is 4 intervals and 5 seconds.
 *
 * @param lastBeatAt null before the first beat
 * @param staleAt until when it can be trusted; null before the first beat
 */
record Freshness(
    Instant now,
    @Nullable Instant lastBeatAt,
    @Nullable Instant staleAt,
    Instant deadline,
    Duration interval) {
  private static final Duration SLACK = Duration.ofSeconds(5);
  private static final int FRESH = 3;

  /** Two more than an evaluation that is asked for on time can see. */
  private static final int GAP = 5;

  static Freshness of(DetectionInput input) {
    Liveness liveness = input.liveness();
    Instant lastBeatAt = input.beat() == null ? liveness.lastBeatAt() : input.now();
    Duration quarter = liveness.unknownAfter().minus(SLACK).dividedBy(4);
    Duration interval =
        quarter.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : quarter;
    Instant staleAt =
        lastBeatAt == null ? null : lastBeatAt.plus(times(interval, FRESH)).plusMillis(1);
    return new Freshness(
        input.now(),
        lastBeatAt,
        staleAt,
        liveness.silentSince().plus(liveness.offlineAfter()),
        interval);
  }

  /** A beat that brought the evaluation about counts as received now. */
  DetectionInput applied(DetectionInput input) {
    if (input.beat() == null) {
      return input;
    }
    Liveness given = input.liveness();
    Instant silentSince = given.silentSince().isBefore(now) ? now : given.silentSince();
    Liveness heard = new Liveness(now, silentSince, given.unknownAfter(), given.offlineAfter());
    return new DetectionInput(
        input.cluster(),
        input.environment(),
        input.snapshot(),
        input.beat(),
        heard,
        input.facts(),
        now);
  }

  boolean isFresh() {
    return staleAt != null && now.isBefore(staleAt);
  }

  /** Until when the previous answer is known to have held. */
  Instant knownUntil() {
    return lastBeatAt == null || isFresh() ? now : lastBeatAt;
  }

  /**
   * How long the answer of this evaluation can be relied on without another one; null while silent.
   */
  @Nullable Instant watchedUntil() {
    return isFresh() ? staleAt : null;
  }

  /**
   * From when on nobody looked, as after a stop of the server: the newest beat is so much younger
   * than the one before the asked-for evaluation that others may be missing between the two. Null
   * for no such gap.
   */
  @Nullable Instant gapSince(@Nullable Instant watchedUntil) {
    if (watchedUntil == null || lastBeatAt == null) {
      return null;
    }
    Instant beatBefore = watchedUntil.minus(times(interval, FRESH));
    return lastBeatAt.isAfter(beatBefore.plus(times(interval, GAP))) ? beatBefore : null;
  }

  /**
   * When silence would freeze what is {@code unsettled}, or what is there at all; while silent,
   * when beats may be back, until the offline deadline has passed: the first beat after that is
   * evaluated anyway.
   */
  @Nullable Instant recheckAt(boolean unsettled, boolean anything) {
    if (lastBeatAt == null) {
      return null;
    }
    if (isFresh()) {
      return unsettled ? staleAt : anything ? deadline : null;
    }
    return now.isBefore(deadline) ? now.plus(times(interval, FRESH)) : null;
  }

  /** {@link Duration#multipliedBy} goes by way of big decimals, at every beat of every cluster. */
  private static Duration times(Duration interval, int factor) {
    Duration sum = Duration.ZERO;
    for (int i = 0; i < factor; i++) {
      sum = sum.plus(interval);
    }
    return sum;
  }
}
