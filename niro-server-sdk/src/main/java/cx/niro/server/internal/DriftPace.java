package cx.niro.server.internal;

import cx.niro.core.CommandId;
import cx.niro.core.managed.DriftState;
import cx.niro.server.spi.DeploymentRow;
import cx.niro.server.spi.DeploymentRow.Drift;
import cx.niro.server.spi.DeploymentRow.Look;
import cx.niro.server.spi.DeploymentRow.Status;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When the server compares a deployment with its cluster by itself: functions of what is stored, so
 * that a restart changes nothing.
 */
final class DriftPace {
  /** Drift is believed when two looks so far apart say so; none follows another sooner. */
  static final Duration APART = Duration.ofSeconds(15);

  /** How far looks grow apart while marks change and nothing new comes of it. */
  static final Duration LONGEST = Duration.ofMinutes(5);

  /** The same while looks fail. */
  static final Duration LONGEST_AFTER_FAILURE = Duration.ofHours(1);

  /** What is taken back by hand need not change a mark. */
  static final Duration WHILE_DRIFTED = Duration.ofMinutes(10);

  /** After so long without a look that might have been, those before do not count. */
  static final Duration FORGIVEN = Duration.ofMinutes(20);

  /** A look that has not ended after that is not waited for any more. */
  static final Duration LOST = Duration.ofHours(2);

  /** So many may be fruitless before looks grow apart. */
  private static final int PATIENCE = 2;

  private static final int MOST_DOUBLINGS = 10;

  private DriftPace() {}

  /**
   * Null while there is nothing to look for.
   *
   * @param mark what the agent tells now; null while it tells nothing
   */
  static @Nullable Instant nextLook(DeploymentRow row, @Nullable String mark) {
    if (mark == null || row.wanted().deleted() || row.applied().status() == Status.PENDING) {
      return null;
    }
    Look last = row.look();
    if (last == null) {
      return Instant.EPOCH;
    }
    if (last.command() != null) {
      return last.askedAt().plus(LOST);
    }
    Drift drift = row.drift();
    if (last.mark() != null && drift != null && isUnconfirmed(drift)) {
      return drift.since().plus(APART);
    }
    if (!mark.equals(last.mark())) {
      return last.askedAt().plus(floor(last));
    }
    boolean drifted = drift != null && drift.state() == DriftState.DRIFTED;
    return drifted ? last.askedAt().plus(WHILE_DRIFTED) : null;
  }

  static Duration floor(Look last) {
    Duration longest = last.mark() == null ? LONGEST_AFTER_FAILURE : LONGEST;
    int doublings = Math.max(0, Math.min(MOST_DOUBLINGS, last.fruitless() - PATIENCE));
    Duration floor = APART.multipliedBy(1L << doublings);
    return floor.compareTo(longest) < 0 ? floor : longest;
  }

  private static boolean isUnconfirmed(Drift drift) {
    return drift.state() == DriftState.DRIFTED && !isConfirmed(drift);
  }

  /** Whether two looks that are far enough apart said it. */
  static boolean isConfirmed(Drift drift) {
    return drift.state() == DriftState.DRIFTED
        && !drift.checkedAt().isBefore(drift.since().plus(APART));
  }

  /** The look that is asked for now. */
  static Look asked(@Nullable Look last, CommandId command, String mark, Instant now) {
    return new Look(command, mark, now, counted(last, now));
  }

  /** The look that could not even be asked for now. */
  static Look refused(@Nullable Look last, Instant now) {
    return new Look(null, null, now, counted(last, now) + 1);
  }

  static boolean hasFailed(@Nullable Look last) {
    return last != null && last.command() == null && last.mark() == null && last.fruitless() > 0;
  }

  private static int counted(@Nullable Look last, Instant now) {
    if (last == null) {
      return 0;
    }
    Instant forgiven = last.askedAt().plus(floor(last)).plus(FORGIVEN);
    return now.isBefore(forgiven) ? last.fruitless() : 0;
  }

  /** What a comparison said, at the end of those before it. */
  static Drift said(@Nullable Drift was, Drift next) {
    return was == null || was.state() != next.state()
        ? next
        : new Drift(next.state(), was.since(), next.checkedAt(), next.report());
  }

  /** The look is over and said this; one that left something open is repeated. */
  static Look ended(Look look, @Nullable Drift was, Drift next) {
    boolean open = next.state() == DriftState.UNKNOWN;
    boolean fruitless = was != null && was.state() == next.state();
    return new Look(
        null, open ? null : look.mark(), look.askedAt(), fruitless ? look.fruitless() + 1 : 0);
  }

  /** The look is over and said nothing. */
  static Look failed(Look look) {
    return new Look(null, null, look.askedAt(), look.fruitless() + 1);
  }

  /** Something was applied, or may be looked at again; whatever was seen before does not count. */
  static Look anew(Instant now) {
    return new Look(null, null, now, 0);
  }
}
