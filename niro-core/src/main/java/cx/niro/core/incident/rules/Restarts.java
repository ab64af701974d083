package cx.niro.core.incident.rules;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of the restarts of one container of one pod uid, on the server's clock.
 *
 * @param count the restart count last seen
 * @param baselineAt when a count was taken over without knowing when its restarts happened; null
 *     when that is long ago or never happened
 * @param waitingAt when CrashLoopBackOff was last seen, to half a minute; null for not lately
 * @param observed restarts seen since, oldest first
 */
record Restarts(
    long count,
    @Nullable Instant baselineAt,
    @Nullable Instant waitingAt,
    List<Observed> observed) {
  private static final int MAX_OBSERVED = 14;
  private static final Duration KEPT = Duration.ofMinutes(11);
  private static final Duration STEP = Duration.ofSeconds(30);

  /** So many restarts, noticed then. */
  record Observed(Instant at, long restarts) {}

  static Restarts baseline(long count, Instant now) {
    return new Restarts(count, now, null, List.of());
  }

  static Restarts none() {
    return new Restarts(0, null, null, List.of());
  }

  /** Counts what is new; a count that went down is a new baseline. */
  Restarts counted(long seen, Instant now) {
    if (seen < count) {
      return baseline(seen, now);
    }
    List<Observed> kept = new ArrayList<>(observed);
    kept.removeIf(one -> !one.at().isAfter(now.minus(KEPT)));
    if (seen > count) {
      kept.add(new Observed(now, seen - count));
    }
    if (kept.size() > MAX_OBSERVED) {
      kept.remove(0);
    }
    return new Restarts(seen, recent(baselineAt, now), recent(waitingAt, now), kept);
  }

  Restarts waiting(Instant now) {
    boolean known = waitingAt != null && waitingAt.isAfter(now.minus(STEP));
    return known ? this : new Restarts(count, baselineAt, now, observed);
  }

  /**
   * Restarts since {@code from}, but for those noticed in {@code discount}. One observation counts
   * for at most {@code limit}: after a long gap nobody knows when a higher count came about.
   */
  long since(Instant from, @Nullable Interval discount, long limit) {
    long sum = 0;
    for (Observed one : observed) {
      boolean counts = one.at().isAfter(from) && (discount == null || !discount.holds(one.at()));
      sum += counts ? Math.min(one.restarts(), limit) : 0;
    }
    return sum;
  }

  @Nullable Instant newest() {
    return observed.isEmpty() ? null : observed.get(observed.size() - 1).at();
  }

  List<Long> numbers() {
    List<Long> numbers = new ArrayList<>(List.of(count, millis(baselineAt), millis(waitingAt)));
    for (Observed one : observed) {
      numbers.add(millis(one.at()));
      numbers.add(one.restarts());
    }
    return numbers;
  }

  /** Null for no numbers. */
  static @Nullable Restarts of(List<Long> numbers) {
    if (numbers.size() < 3) {
      return null;
    }
    List<Observed> observed = new ArrayList<>();
    for (int i = 3; i + 1 < numbers.size(); i += 2) {
      observed.add(new Observed(Instant.ofEpochMilli(numbers.get(i)), numbers.get(i + 1)));
    }
    return new Restarts(numbers.get(0), instant(numbers.get(1)), instant(numbers.get(2)), observed);
  }

  private static @Nullable Instant recent(@Nullable Instant at, Instant now) {
    return at == null || at.isBefore(now.minus(KEPT)) ? null : at;
  }

  private static long millis(@Nullable Instant at) {
    return at == null ? 0 : at.toEpochMilli();
  }

  private static @Nullable Instant instant(long millis) {
    return millis == 0 ? null : Instant.ofEpochMilli(millis);
  }
}
