package cx.niro.app.bench;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** What clients of a storm were answered, by status; from any thread. */
final class Outcomes {
  static final String CLOSED = "closed";
  private static final Set<Integer> WITH_RETRY_AFTER = Set.of(429, 503);

  private final Map<String, LongAdder> counts = new ConcurrentSkipListMap<>();

  void answered(int status, Optional<String> retryAfter) {
    boolean told = retryAfter.filter(text -> text.matches("[1-9][0-9]*")).isPresent();
    boolean silent = WITH_RETRY_AFTER.contains(status) && !told;
    count(status + (silent ? " without Retry-After" : ""));
  }

  void closed() {
    count(CLOSED);
  }

  void count(String what) {
    counts.computeIfAbsent(what, any -> new LongAdder()).increment();
  }

  long of(String what) {
    LongAdder count = counts.get(what);
    return count == null ? 0 : count.sum();
  }

  /** What a storm must not be answered: anything but done, later, too slow, or closed. */
  List<String> wrong() {
    return counts.keySet().stream()
        .filter(what -> !what.matches("2\\d\\d|408|429|503|" + CLOSED))
        .toList();
  }

  @Override
  public String toString() {
    return counts.toString();
  }
}
