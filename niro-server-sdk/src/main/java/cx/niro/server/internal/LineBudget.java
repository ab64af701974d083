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
 * fills no disk: 200 at once, then one in 20 s. What is left out is counted and told later. In the
 * lane.
 */
final class LineBudget {
  private static final int BURST = 200;
  private static final Duration REFILL = Duration.ofSeconds(20);

  private @Nullable BeatBudget budget;
  private int leftOut;

  List<TimelineEntry> admit(ClusterId cluster, List<TimelineEntry> lines, Instant now, long nanos) {
    if (lines.isEmpty()) {
      return lines;
    }
    if (budget == null) {
      budget = new BeatBudget(BURST, REFILL.toNanos(), nanos);
    }
    List<TimelineEntry> admitted = new ArrayList<>();
    if (leftOut > 0 && budget.take(nanos)) {
      admitted.add(
          new TimelineEntry(
              cluster,
              now,
              "lines_left_out",
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
