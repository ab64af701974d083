package cx.niro.core.incident.rules;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered over a day of the failures of one container of one pod uid.
 *
 * @param count the restart count last seen
 * @param failures when it ended with an error, newest first, epoch milliseconds by the server's
 *     clock
 */
record RestartLog(long count, List<Long> failures) {
  /** An hour more than anybody asks for. */
  private static final Duration KEPT = Duration.ofHours(25);

  /** As many as are kept. */
  static final int MOST = 30;

  /**
   * Nobody knows when the others of one sample came about, for example after a long silence; so
   * they do not count.
   */
  private static final int OF_ONE_SAMPLE = 2;

  /**
   * Counts what is new; a count that went down begins anew.
   *
   * @param failedAt when it last ended with an error; null when its last end was none, or is
   *     nobody's fault
   */
  RestartLog counted(long seen, @Nullable Instant failedAt, Instant now) {
    List<Long> kept = new ArrayList<>(seen < count ? List.of() : failures);
    long added = failedAt == null || seen <= count ? 0 : Math.min(OF_ONE_SAMPLE, seen - count);
    for (int i = 0; i < added && failedAt != null; i++) {
      kept.add(0, failedAt.toEpochMilli());
    }
    long oldest = now.minus(KEPT).toEpochMilli();
    kept.removeIf(at -> at < oldest);
    return new RestartLog(seen, List.copyOf(kept.subList(0, Math.min(MOST, kept.size()))));
  }

  RestartLog without(@Nullable Interval pardoned) {
    return pardoned == null
        ? this
        : new RestartLog(
            count,
            failures.stream().filter(at -> !pardoned.holds(Instant.ofEpochMilli(at))).toList());
  }

  @Nullable Instant newest() {
    return failures.isEmpty() ? null : Instant.ofEpochMilli(failures.get(0));
  }

  /** Whether the newest {@code enough} of them lie within {@code time}. */
  boolean within(Duration time, int enough) {
    return enough > 0
        && failures.size() >= enough
        && failures.get(0) - failures.get(enough - 1) <= time.toMillis();
  }

  List<Long> numbers() {
    List<Long> numbers = new ArrayList<>(List.of(count));
    numbers.addAll(failures);
    return numbers;
  }

  /** Null for no numbers. */
  static @Nullable RestartLog of(List<Long> numbers) {
    return numbers.isEmpty()
        ? null
        : new RestartLog(numbers.get(0), numbers.subList(1, numbers.size()));
  }
}
