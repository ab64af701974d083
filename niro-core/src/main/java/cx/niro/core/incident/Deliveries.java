package cx.niro.core.incident;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How much of the last 15 minutes heartbeats covered, by the minute. A beat covers the time since
 * the one before, at most one interval: so beats that come early, because something changed, make
 * up for none that is missing.
 */
final class Deliveries {
  static final Deliveries NONE = new Deliveries(null, null, Duration.ZERO, new int[0]);
  private static final int MINUTES = 15;
  private static final int LONG_GAP = 3;

  /** For each minute, the millis that passed, those that were covered, and the long gaps. */
  private static final int COLUMNS = 3;

  private final @Nullable Instant since;
  private final @Nullable Instant last;
  private final Duration interval;
  private final int[] minutes;

  private Deliveries(
      @Nullable Instant since, @Nullable Instant last, Duration interval, int[] minutes) {
    this.since = since;
    this.last = last;
    this.interval = interval;
    this.minutes = minutes;
  }

  Deliveries heard(Instant now, Duration announced, Instant fromHere) {
    if (since == null || last == null || last.isBefore(fromHere) || now.isBefore(last)) {
      return new Deliveries(now, now, announced, new int[MINUTES * COLUMNS]);
    }
    Duration most = announced.compareTo(interval) > 0 ? announced : interval;
    int gap = (int) Math.min(Integer.MAX_VALUE / MINUTES, Duration.between(last, now).toMillis());
    int due = (int) most.toMillis();
    boolean onTime = gap <= due + due / 4;
    int[] next = moved(last, now);
    int column = column(now);
    next[column] += gap;
    next[column + 1] += onTime ? gap : due;
    next[column + 2] += gap > LONG_GAP * due ? 1 : 0;
    return new Deliveries(since, now, announced, next);
  }

  /** The time up to now counts for nothing. */
  Deliveries excused(Instant now) {
    if (last == null || now.isBefore(last)) {
      return this;
    }
    return new Deliveries(since, now, interval, moved(last, now));
  }

  /** Null while there are not 15 minutes to speak of. */
  @Nullable Integer percent() {
    if (since == null || last == null || last.isBefore(since.plus(Duration.ofMinutes(MINUTES)))) {
      return null;
    }
    long passed = sum(0);
    return passed == 0 ? null : Integer.valueOf((int) (100 * sum(1) / passed));
  }

  int longGaps() {
    return (int) sum(2);
  }

  private long sum(int column) {
    long sum = 0;
    for (int i = column; i < minutes.length; i += COLUMNS) {
      sum += minutes[i];
    }
    return sum;
  }

  /** The same minutes, without those that are as old as the window. */
  private int[] moved(Instant before, Instant now) {
    int[] next = minutes.clone();
    long steps = Math.min(MINUTES, minute(now) - minute(before));
    for (long i = 0; i < steps; i++) {
      int column = column(now.minusSeconds(60 * i));
      next[column] = 0;
      next[column + 1] = 0;
      next[column + 2] = 0;
    }
    return next;
  }

  private static int column(Instant at) {
    return (int) Math.floorMod(minute(at), (long) MINUTES) * COLUMNS;
  }

  private static long minute(Instant at) {
    return Math.floorDiv(at.getEpochSecond(), 60L);
  }
}
