package cx.niro.core.incident.rules;

import cx.niro.core.incident.IncidentType;
import cx.niro.core.incident.RuleInput;
import cx.niro.core.incident.Scope;
import cx.niro.core.snapshot.Condition;
import cx.niro.core.snapshot.OwnerReference;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.WarningEvent;
import cx.niro.core.snapshot.Workload;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One evaluation of one rule about pods: which pods it is about, and what is around them. */
final class PodSight {
  static final Duration YOUNG = Duration.ofSeconds(60);
  private static final String EXEMPT = "niro.cx/exempt-";

  private final RuleInput input;
  private final IncidentType type;
  private final Surroundings around;

  PodSight(RuleInput input, IncidentType type) {
    this.input = input;
    this.type = type;
    this.around = input.once(Surroundings.class, Surroundings::new);
  }

  RuleInput input() {
    return input;
  }

  /** The pods with which something can be wrong, or was. */
  List<Pod> restless() {
    return around.restless();
  }

  /**
   * Not those that are done or being deleted, nor failed ones of Jobs, which retry by design, nor
   * those that their owner exempts by an annotation.
   */
  boolean judges(Pod pod) {
    String phase = pod.status().phase();
    return pod.meta().deletedAt() == null
        && !"Succeeded".equals(phase)
        && !("Failed".equals(phase) && isJob(pod))
        && !isExempt(pod, type);
  }

  /** Whether the pod is annotated with {@code niro.cx/exempt-<type>}. */
  static boolean isExempt(Pod pod, IncidentType type) {
    Map<String, String> annotations = pod.meta().annotations();
    return !annotations.isEmpty() && annotations.containsKey(EXEMPT + type.name());
  }

  static boolean isFailed(Pod pod) {
    return "Failed".equals(pod.status().phase());
  }

  static boolean isJob(Pod pod) {
    return isJob(pod.meta().owner()) || isJob(pod.meta().rootOwner());
  }

  private static boolean isJob(@Nullable OwnerReference owner) {
    return owner != null && (owner.kind().equals("Job") || owner.kind().equals("CronJob"));
  }

  /** Whether the pod's node is known and its kubelet cannot be asked at the moment. */
  boolean isDown(Pod pod) {
    return pod.nodeName() != null && around.isDown(pod.nodeName());
  }

  /**
   * No earlier than the pod's node became ready: what the pod said of itself before that is out of
   * date, and it gets the time to start that any pod gets.
   */
  @Nullable Instant whileNodeReady(Pod pod, @Nullable Instant since) {
    Long from = pod.nodeName() == null ? null : around.readySince(pod.nodeName());
    Instant ready = input.serverTime(from);
    return since == null || ready == null || since.isAfter(ready) ? since : ready;
  }

  /** When a pod is old enough to be judged; null when it is. */
  @Nullable Instant grownAt(Pod pod) {
    Duration age = input.age(pod.meta().createdAt());
    return age == null || age.compareTo(YOUNG) >= 0 ? null : input.now().plus(YOUNG).minus(age);
  }

  /** Null when it is not among the workloads that were seen. */
  @Nullable Workload workload(Scope scope) {
    return around.workload(scope);
  }

  /** The Warning events about this very pod. */
  List<WarningEvent> events(Pod pod) {
    return around.events(pod);
  }

  /** When a condition of the pod changed to this status, by the server's clock. */
  @Nullable Instant turned(Pod pod, String type, String status) {
    Condition condition = Conditions.find(pod.status().conditions(), type);
    return condition != null && condition.status().equals(status)
        ? input.serverTime(condition.lastTransitionAt())
        : null;
  }
}
