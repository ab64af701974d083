package cx.niro.core.incident.rules;

import static cx.niro.core.testkit.DetectionRun.clusterMillis;

import cx.niro.core.incident.Seen;
import cx.niro.core.snapshot.ContainerStatus;
import cx.niro.core.snapshot.ContainerStatus.Terminated;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a kubelet reports of a container that runs for a second and exits: it is started again after
 * 10 s, doubled up to 300 s. The first starts were measured on k3s.
 */
record Kubelet(Instant created, int exitCode, @Nullable Instant fixedAt) {
  private static final List<Integer> STARTS = List.of(0, 2, 20, 53, 96, 187, 347, 648, 949);
  private static final int STEADY = 301;

  static Kubelet crashing(Instant created) {
    return new Kubelet(created, 1, null);
  }

  /** From the first start after {@code at} on it runs well. */
  Kubelet fixed(Instant at) {
    return new Kubelet(created, exitCode, at);
  }

  ContainerStatus status(String name, Instant now) {
    int restarts = 0;
    while (!startOf(restarts + 1).isAfter(now) && !isGood(restarts)) {
      restarts++;
    }
    Terminated last = restarts == 0 ? null : end(restarts - 1);
    if (isGood(restarts)) {
      return Seen.running(name, restarts, last);
    }
    Duration age = Duration.between(startOf(restarts), now);
    if (age.toSeconds() < 1) {
      return Seen.running(name, restarts, last);
    }
    return Seen.backingOff(name, restarts, end(restarts));
  }

  Instant startOf(int restart) {
    int beyond = restart - STARTS.size() + 1;
    int listed = STARTS.get(Math.min(restart, STARTS.size() - 1));
    return created.plusSeconds(listed + (long) STEADY * Math.max(0, beyond));
  }

  private boolean isGood(int restart) {
    return fixedAt != null && !startOf(restart).isBefore(fixedAt);
  }

  private Terminated end(int restart) {
    return Seen.exit(exitCode, clusterMillis(startOf(restart).plusSeconds(1)));
  }
}
