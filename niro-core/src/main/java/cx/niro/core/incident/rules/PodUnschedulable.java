package cx.niro.core.incident.rules;

import cx.niro.core.Severity;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.incident.Judgement;
import cx.niro.core.incident.RuleSpec;
import cx.niro.core.snapshot.Condition;
import cx.niro.core.snapshot.OwnerReference;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.Section;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The scheduler finds no node for a pod. Pods that are held back by a scheduling gate are not
 * meant, nor are those of a DaemonSet for a cordoned node. One severity lower for a DaemonSet whose
 * port is taken, as of the second load balancer on k3s that asks for the same one. One that waits
 * for its claim gets the time after which {@link PvcPending} says so.
 */
final class PodUnschedulable extends PodRule<PodSubject> {
  private static final Causes CAUSES =
      Causes.none()
          .or("insufficient_cpu", "insufficient cpu")
          .or("insufficient_memory", "insufficient memory")
          .or("insufficient_other", "insufficient (?!cpu|memory)[a-z]")
          .or("max_pods", "too many pods")
          .or("taint", "untolerated taint|had taints? ")
          .or(
              "affinity_or_selector",
              "affinity/selector|affinity rules|node selector|spread constr")
          .or("volume_node_affinity", "volume node affinity|available persistent volumes")
          .or("claim_not_bound", "unbound immediate|persistentvolumeclaim.* not found")
          .or("host_port", "free ports")
          .or("cordoned", "were unschedulable")
          .or("no_nodes", "no nodes available");

  private static final Duration AFTER_CLAIM = Duration.ofMinutes(1);

  private final Duration claimFor;

  PodUnschedulable(Thresholds thresholds) {
    super(
        RuleSpec.of(IncidentType.POD_UNSCHEDULABLE)
            .reads(Section.PODS)
            .openAfter(thresholds.time(Threshold.POD_UNSCHEDULABLE_FOR)));
    this.claimFor = thresholds.time(Threshold.PVC_PENDING_FOR).plus(AFTER_CLAIM);
  }

  @Override
  List<PodSubject> subjects(PodSubject pod) {
    return List.of(pod);
  }

  @Override
  Look look(PodSubject subject) {
    Pod pod = subject.pod();
    if (pod.nodeName() != null) {
      return Look.WELL;
    }
    Condition scheduled = Conditions.find(pod.status().conditions(), "PodScheduled");
    if (scheduled == null || !"Unschedulable".equals(scheduled.reason())) {
      return scheduled != null && "SchedulingGated".equals(scheduled.reason())
          ? Look.WELL
          : Look.NEITHER;
    }
    return isDaemon(pod) && causes(scheduled).contains("cordoned") ? Look.NEITHER : Look.WRONG;
  }

  @Override
  Judgement wrong(PodSubject subject) {
    Condition scheduled = Conditions.find(subject.pod().status().conditions(), "PodScheduled");
    List<String> causes = scheduled == null ? List.of() : causes(scheduled);
    List<String> told = causes.isEmpty() ? List.of("other") : causes;
    String why = causes.isEmpty() ? "" : ": " + String.join(", ", causes).replace('_', ' ');
    Severity usual = subject.input().severity(Severity.LOW, Severity.MEDIUM, Severity.HIGH);
    boolean port = isDaemon(subject.pod()) && causes.contains("host_port");
    Severity severity = port ? Steps.lower(usual) : usual;
    String summary = "No node takes pods of " + subject.name() + why;
    return Judgement.yes(
            subject.scope(), subject.symptom(severity, summary, Map.of("reason", told)))
        .openAfter(isUnbound(scheduled) ? longer(claimFor) : spec().openAfter())
        .since(subject.sight().turned(subject.pod(), "PodScheduled", "False"));
  }

  private static boolean isUnbound(@Nullable Condition scheduled) {
    String message = scheduled == null ? null : scheduled.message();
    return message != null && message.contains("unbound immediate");
  }

  private Duration longer(Duration other) {
    return other.compareTo(spec().openAfter()) > 0 ? other : spec().openAfter();
  }

  /** What keeps each node from taking it; what preemption would help is left out. */
  private static List<String> causes(Condition scheduled) {
    String message = scheduled.message() == null ? "" : scheduled.message();
    int end = message.indexOf("preemption:");
    return CAUSES.all(end < 0 ? message : message.substring(0, end));
  }

  private static boolean isDaemon(Pod pod) {
    OwnerReference owner = pod.meta().owner();
    return owner != null && owner.kind().equals("DaemonSet");
  }
}
