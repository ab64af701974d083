package cx.niro.core.incident;

import cx.niro.core.BootId;
import cx.niro.core.protocol.BeatTiming;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * By how much the cluster's clock differs, from the last 10 beats of one agent process. A beat that
 * was long on its way looks as if the clock were behind. How long it was on its way shows in the
 * agent's uptime, which no clock setting moves: receipt minus uptime is the same for all beats but
 * for their delay. The median of what is left is the difference. Without an uptime the beat that
 * was fastest tells it.
 */
final class ClockOffsets {
  static final ClockOffsets NONE = new ClockOffsets(null, new long[0], new long[0]);
  private static final int MOST = 10;
  private static final int LEAST = 5;
  private static final long NO_UPTIME = Long.MIN_VALUE;

  /** A hundred years; more is nonsense and must not overflow anything. */
  private static final long LIMIT = 100L * 365 * 24 * 3600 * 1000;

  private final @Nullable BootId boot;
  private final long[] offsets;
  private final long[] starts;

  private ClockOffsets(@Nullable BootId boot, long[] offsets, long[] starts) {
    this.boot = boot;
    this.offsets = offsets;
    this.starts = starts;
  }

  ClockOffsets heard(BootId sender, BeatTiming timing, Instant now) {
    boolean same = sender.equals(boot);
    long received = now.toEpochMilli();
    long roundTrip = timing.lastRoundTripMillis() == null ? 0 : timing.lastRoundTripMillis();
    long offset = bounded(timing.sentAt()) + bounded(roundTrip) / 2 - received;
    Long uptime = timing.uptimeMillis();
    long start = uptime == null ? NO_UPTIME : received - bounded(uptime);
    return new ClockOffsets(
        sender,
        appended(same ? offsets : NONE.offsets, offset),
        appended(same ? starts : NONE.starts, start));
  }

  /** Null while fewer than 5 beats tell. */
  @Nullable Long aheadMillis() {
    if (offsets.length < LEAST) {
      return null;
    }
    long[] sorted = offsets.clone();
    long earliest = Arrays.stream(starts).min().orElse(NO_UPTIME);
    if (earliest == NO_UPTIME) {
      return Arrays.stream(offsets).max().orElse(0);
    }
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] += starts[i] - earliest;
    }
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static long bounded(long millis) {
    return Math.max(-LIMIT, Math.min(millis, LIMIT));
  }

  private static long[] appended(long[] before, long value) {
    int from = before.length == MOST ? 1 : 0;
    long[] next = Arrays.copyOfRange(before, from, before.length + 1);
    next[next.length - 1] = value;
    return next;
  }
}
