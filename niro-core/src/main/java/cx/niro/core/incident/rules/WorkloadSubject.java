package cx.niro.core.incident.rules;

import cx.niro.core.incident.RuleInput;
import cx.niro.core.incident.Scope;
import cx.niro.core.snapshot.Condition;
import cx.niro.core.snapshot.Workload;
import cx.niro.core.snapshot.Workload.Replicas;
import cx.niro.core.snapshot.Workload.Rollout;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One workload as a rule looks at it. A number that its status does not mention is zero. */
record WorkloadSubject(Workload workload, Replicas replicas, RuleInput input) {

  Scope scope() {
    return scope(workload);
  }

  static Scope scope(Workload workload) {
    return Scope.workload(namespace(workload), workload.kind(), workload.meta().name());
  }

  /** {@code Deployment shop/web}. */
  String name() {
    return workload.kind() + " " + namespace(workload) + "/" + workload.meta().name();
  }

  private static String namespace(Workload workload) {
    String namespace = workload.meta().namespace();
    return namespace == null ? "" : namespace;
  }

  /** As many as nodes for a DaemonSet; one, when nothing was asked for. */
  int desired() {
    if (workload.kind().equals("DaemonSet")) {
      return number(replicas.desiredScheduled());
    }
    return workload.desiredReplicas() == null ? 1 : workload.desiredReplicas();
  }

  int ready() {
    return number(replicas.ready());
  }

  int available() {
    return number(replicas.available());
  }

  int updated() {
    return number(replicas.updated());
  }

  static int number(@Nullable Integer counter) {
    return counter == null ? 0 : counter;
  }

  @Nullable Condition condition(String type) {
    return Conditions.find(workload.conditions(), type);
  }

  /** Whether its controller has not yet looked at the newest wish. */
  boolean isUnobserved() {
    Long observed = workload.observedGeneration();
    return workload.generation() != null
        && (observed == null ? 0 : observed) < workload.generation();
  }

  boolean updatesOnDelete() {
    Rollout rollout = workload.rollout();
    return rollout != null && "OnDelete".equals(rollout.strategy());
  }

  /**
   * Until when what is missing may be on its way: for {@code rest} after any of the marks changed.
   * They are remembered while something is missing. At first sight only what is {@code rolling}
   * moves. Null when nothing moves.
   */
  @Nullable Instant movingUntil(boolean rolling, Duration rest, int... marks) {
    String key = workload.meta().uid();
    List<Long> before = input.memory().recall(key);
    List<Long> now = new ArrayList<>();
    now.add(before.isEmpty() && !rolling ? 0 : input.now().toEpochMilli());
    now.add(workload.generation() == null ? 0 : workload.generation());
    for (int mark : marks) {
      now.add((long) mark);
    }
    boolean same = before.size() == now.size() && tail(before).equals(tail(now));
    List<Long> kept = same ? before : now;
    input.memory().remember(key, kept);
    Instant until = Instant.ofEpochMilli(kept.get(0)).plus(rest);
    return until.isAfter(input.now()) ? until : null;
  }

  private static List<Long> tail(List<Long> numbers) {
    return numbers.subList(1, numbers.size());
  }
}
