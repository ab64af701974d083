package cx.niro.agent.scenario.day;

import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/** What is to happen in one cluster, and when by the server's clock. */
final class Agenda {
  private record Entry(Instant at, long number, Runnable what) {}

  private final PriorityQueue<Entry> entries =
      new PriorityQueue<>(Comparator.comparing(Entry::at).thenComparing(Entry::number));
  private Instant now;
  private long count;

  Agenda(Instant start) {
    now = start;
  }

  Instant now() {
    return now;
  }

  void at(Instant at, Runnable what) {
    entries.add(new Entry(at, count++, what));
  }

  void in(double seconds, Runnable what) {
    at(now.plusMillis((long) (seconds * 1000)), what);
  }

  void runUntil(Instant end) {
    while (!entries.isEmpty() && !entries.peek().at.isAfter(end)) {
      Entry next = entries.remove();
      now = next.at.isAfter(now) ? next.at : now;
      next.what.run();
    }
    now = end;
  }
}
