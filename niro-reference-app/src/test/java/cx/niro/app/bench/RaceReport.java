package cx.niro.app.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;

/** What {@link ReplicaRaces} found. */
public final class RaceReport {
  private static final int EXAMPLES = 10;

  private final Map<String, List<String>> wrong = new TreeMap<>();
  private final Map<String, Integer> checks = new TreeMap<>();
  private final Map<String, ConcurrentLinkedQueue<Long>> nanos = new ConcurrentSkipListMap<>();

  synchronized void check(String race, boolean right, Supplier<String> otherwise) {
    checks.merge(race, 1, Integer::sum);
    if (!right) {
      wrong.computeIfAbsent(race, any -> new ArrayList<>()).add(otherwise.get());
    }
  }

  void took(String what, long time) {
    nanos.computeIfAbsent(what, any -> new ConcurrentLinkedQueue<>()).add(time);
  }

  /** Whether every race ended as it may. */
  public synchronized boolean isClean() {
    return wrong.isEmpty() && !checks.isEmpty();
  }

  @Override
  public synchronized String toString() {
    StringBuilder text = new StringBuilder();
    checks.forEach(
        (race, count) -> {
          List<String> found = wrong.getOrDefault(race, List.of());
          text.append("%-34s %6d checks, wrong %d%n".formatted(race, count, found.size()));
          found.stream().limit(EXAMPLES).forEach(one -> text.append("  ").append(one).append('\n'));
        });
    nanos.forEach((what, times) -> text.append(spread(what, times)));
    return text.toString();
  }

  private static String spread(String what, ConcurrentLinkedQueue<Long> times) {
    long[] sorted = times.stream().mapToLong(Long::longValue).toArray();
    Arrays.sort(sorted);
    return String.format(
        Locale.ROOT,
        "%-46s n %4d  p50 %7.1f ms  p99 %7.1f ms  longest %7.1f ms%n",
        what,
        sorted.length,
        sorted[sorted.length / 2] / 1e6,
        sorted[sorted.length * 99 / 100] / 1e6,
        sorted[sorted.length - 1] / 1e6);
  }
}
