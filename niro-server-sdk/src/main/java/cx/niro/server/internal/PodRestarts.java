package cx.niro.server.internal;

import cx.niro.core.ClusterId;
import cx.niro.core.incident.Scope;
import cx.niro.core.snapshot.ContainerStatus;
import cx.niro.core.snapshot.Pod;
import cx.niro.server.spi.TimelineEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Containers that restarted between two reports, one line for each workload. */
final class PodRestarts {
  static final String KIND = "pod_restarts";
  private static final int WORKLOADS = 10;
  private static final int PODS_NAMED = 5;

  /** The restarts of one workload. */
  private static final class Tally {
    private final List<String> pods = new ArrayList<>();
    private int restarts;
    private @Nullable String reason;
  }

  private final Map<String, Tally> byWorkload = new LinkedHashMap<>();

  private PodRestarts() {}

  /** At most ten lines and one that counts the rest. */
  static List<TimelineEntry> between(
      ClusterId cluster, List<Pod> before, List<Pod> after, Instant now) {
    PodRestarts restarts = new PodRestarts();
    Map<String, Pod> was = new HashMap<>();
    before.forEach(pod -> was.put(pod.meta().uid(), pod));
    for (Pod pod : after) {
      Pod earlier = was.get(pod.meta().uid());
      if (earlier != null) {
        restarts.compare(earlier, pod);
      }
    }
    return restarts.entries(cluster, now);
  }

  private void compare(Pod before, Pod after) {
    int more = restarts(after) - restarts(before);
    String workload = more > 0 ? workload(after) : null;
    if (workload == null) {
      return;
    }
    Tally tally = byWorkload.computeIfAbsent(workload, any -> new Tally());
    tally.restarts += more;
    tally.pods.add(after.meta().name());
    if (tally.reason == null) {
      tally.reason = reason(before, after);
    }
  }

  private static int restarts(Pod pod) {
    long sum = 0;
    for (ContainerStatus status : pod.status().containers()) {
      Integer count = status.restartCount();
      sum += count == null || count < 0 ? 0 : count;
    }
    return (int) Math.min(sum, Integer.MAX_VALUE);
  }

  /** Null for one whose names are beyond reason. */
  private static @Nullable String workload(Pod pod) {
    try {
      return Scope.workload(pod).value();
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static @Nullable String reason(Pod before, Pod after) {
    Map<String, Integer> was = new HashMap<>();
    before
        .status()
        .containers()
        .forEach(status -> was.put(status.name(), count(status.restartCount())));
    for (ContainerStatus status : after.status().containers()) {
      ContainerStatus.Terminated last = status.lastTerminated();
      if (last != null && count(status.restartCount()) > was.getOrDefault(status.name(), 0)) {
        String why = last.reason() == null ? "ended" : last.reason();
        String code = last.exitCode() == null ? "" : ", exit code " + last.exitCode();
        return status.name() + ": " + why + code;
      }
    }
    return null;
  }

  private static int count(@Nullable Integer restarts) {
    return restarts == null ? 0 : restarts;
  }

  private List<TimelineEntry> entries(ClusterId cluster, Instant now) {
    List<TimelineEntry> entries = new ArrayList<>();
    byWorkload.entrySet().stream()
        .sorted(Comparator.comparing(each -> -each.getValue().restarts))
        .limit(WORKLOADS)
        .forEach(each -> entries.add(entry(cluster, now, each.getKey(), each.getValue())));
    int rest = byWorkload.size() - entries.size();
    if (rest > 0) {
      entries.add(Entries.of(cluster, now, KIND, "Pods of " + rest + " more workloads restarted"));
    }
    return entries;
  }

  private static TimelineEntry entry(ClusterId cluster, Instant now, String workload, Tally tally) {
    Map<String, String> details = new LinkedHashMap<>();
    details.put("scope", workload);
    details.put("restarts", String.valueOf(tally.restarts));
    details.put("pods", String.join(", ", tally.pods.stream().limit(PODS_NAMED).toList()));
    String why = "";
    if (tally.reason != null) {
      details.put("reason", tally.reason);
      why = " (" + tally.reason + ")";
    }
    String times = tally.restarts == 1 ? " restarted" : " restarted " + tally.restarts + " times";
    return new TimelineEntry(cluster, now, KIND, workload + times + why, details);
  }
}
