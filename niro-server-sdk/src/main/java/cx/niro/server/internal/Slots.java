package cx.niro.server.internal;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * In which second how many beats are to be expected, so that those of a fleet that came back
 * together are spread over the interval. Who would beat in a crowded second is given one of those
 * with the fewest, later than he would have come by himself; nobody else is told anything. The
 * monitor is held for a few additions.
 */
final class Slots {
  /** More than twice the longest interval. */
  private static final int RING = 1024;

  /** An agent draws its next slot a tenth apart to both sides, and comes no earlier than that. */
  private static final double LATEST_BY_ITSELF = 1.1;

  private final int[] expected = new int[RING];
  private final double interval;
  private final int usual;
  private long second = Long.MIN_VALUE;
  private int total;

  Slots(Duration interval) {
    this.interval = interval.toMillis() / 1e3;
    this.usual = (int) Math.ceil(this.interval);
  }

  /**
   * How long from now the agent that beats now should wait; null to leave it to the agent.
   *
   * @param most the longest wait that may be asked for
   * @param drawn from 0 to 1, asked for only when it is needed
   */
  synchronized @Nullable Duration next(long nanos, Duration most, DoubleSupplier drawn) {
    moveTo(Math.floorDiv(nanos, TimeUnit.SECONDS.toNanos(1)));
    if (expected[index(second + usual)] <= crowded()) {
      count(second + usual);
      return null;
    }
    long last = second + Math.max(1, (long) Math.min(2 * interval, most.toMillis() / 1e3) - 1);
    long first = Math.min(last, second + (long) (LATEST_BY_ITSELF * interval) + 1);
    long slot = emptiest(first, last, drawn.getAsDouble());
    count(slot);
    long begin = TimeUnit.SECONDS.toNanos(slot) - nanos;
    long within = (long) (drawn.getAsDouble() * TimeUnit.SECONDS.toNanos(1));
    return Duration.ofNanos(Math.max(0, begin + within));
  }

  /** What a second may have when chance alone, three deviations of it, distributes the beats. */
  private double crowded() {
    double average = total / interval;
    return average + 3 * Math.sqrt(average) + 2;
  }

  private void moveTo(long now) {
    long from = Math.max(second + 1, now - RING + 1);
    for (long passed = from; passed <= now; passed++) {
      total -= expected[index(passed)];
      expected[index(passed)] = 0;
    }
    second = Math.max(second, now);
  }

  /** The one with the fewest, the first from a drawn one on where several have. */
  private long emptiest(long first, long last, double drawn) {
    long count = last - first + 1;
    long begin = (long) (drawn * count);
    long best = first + begin;
    for (long i = 1; i < count; i++) {
      long slot = first + (begin + i) % count;
      if (expected[index(slot)] < expected[index(best)]) {
        best = slot;
      }
    }
    return best;
  }

  private void count(long slot) {
    expected[index(slot)]++;
    total++;
  }

  private static int index(long slot) {
    return (int) Math.floorMod(slot, (long) RING);
  }
}
