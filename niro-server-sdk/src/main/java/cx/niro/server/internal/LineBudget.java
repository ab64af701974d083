package cx.niro.server.internal;

import cx.niro.core.ClusterId;
import cx.niro.server.spi.TimelineEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many lines about changed content a cluster may write, so that one that changes all the time
 * fills no disk: 200 at once, then one in 20 s. What is left out is counted and told later. What
 * was written before this process began counts too. In the lane.
 */
final class LineBudget {
  static final String LEFT_OUT = "lines_left_out";
  static final int BURST = 200;
  private static final Duration REFILL = Duration.ofSeconds(20);

  private @Nullable BeatBudget budget;
  private int leftOut;

  boolean isNew() {
    return budget == null;
  }

  /**
   * Begins with what these lines left.
   *
   * @param written the newest ones that count, the newest first; {@link #BURST} are enough
   */
  void begin(List<TimelineEntry> written, Instant now, long nanos) {
    List<Long> ages =
        written.stream().map(line -> Duration.between(line.at(), now).toNanos()).toList();
    long oldest = ages.isEmpty() ? 0 : Math.max(0, ages.get(ages.size() - 1));
    BeatBudget fresh = new BeatBudget(BURST, REFILL.toNanos(), nanos - oldest);
    for (int i = ages.size() - 1; i >= 0; i--) {
      fresh.take(nanos - Math.max(0, ages.get(i)));
    }
    budget = fresh;
  }

  /** After {@link #begin}. */
  List<TimelineEntry> admit(ClusterId cluster, List<TimelineEntry> lines, Instant now, long nanos) {
    if (lines.isEmpty() || budget == null) {
      return lines;
    }
    List<TimelineEntry> admitted = new ArrayList<>();
    if (leftOut > 0 && budget.take(nanos)) {
      admitted.add(
          new TimelineEntry(
              cluster,
              now,
              LEFT_OUT,
              leftOut + " lines were left out, for there were too many",
              Map.of("count", String.valueOf(leftOut))));
      leftOut = 0;
    }
    for (TimelineEntry line : lines) {
      if (budget.take(nanos)) {
        admitted.add(line);
      } else {
        leftOut++;
      }
    }
    return admitted;
  }
}
