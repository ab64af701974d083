package cx.niro.core.incident.rules;

import cx.niro.core.Severity;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.incident.Judgement;
import cx.niro.core.incident.RuleSpec;
import cx.niro.core.incident.Symptom;
import cx.niro.core.snapshot.Condition;
import cx.niro.core.snapshot.Section;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A Deployment with fewer available pods than it wants, for 5 minutes; with none at all, for 2, and
 * then a step worse. While its rollout moves, or within 10 minutes of a change of its size, what is
 * missing is on its way. A component of k3s is not called down before {@link K3sComponent} says so.
 *
 * <p>kubernetes-mixin's KubeDeploymentReplicasMismatch waits 15 minutes.
 */
final class DeploymentUnavailable extends WorkloadRule {
  private static final Duration CLEAR = Duration.ofMinutes(1);

  private final Duration downFor;
  private final Duration componentFor;
  private final Duration rest;

  DeploymentUnavailable(Thresholds thresholds) {
    super(
        "Deployment",
        RuleSpec.of(IncidentType.WORKLOAD_REPLICAS_UNAVAILABLE)
            .reads(Section.WORKLOADS)
            .goingBy(Section.WORKLOADS)
            .openAfter(thresholds.time(Threshold.DEPLOYMENT_UNAVAILABLE_FOR))
            .clearAfter(CLEAR));
    this.downFor = thresholds.time(Threshold.DEPLOYMENT_DOWN_FOR);
    this.componentFor = thresholds.time(Threshold.K3S_COMPONENT_FOR);
    this.rest = thresholds.time(Threshold.ROLLOUT_REST);
  }

  @Override
  Judgement judge(WorkloadSubject subject, UnreadyPods pods) {
    if (subject.available() >= subject.desired()) {
      return Judgement.no(subject.scope());
    }
    Instant moving =
        subject.movingUntil(isRolling(subject), rest, subject.desired(), subject.updated());
    if (moving != null) {
      return Judgement.held(subject.scope()).recheckAt(moving);
    }
    boolean down = subject.available() == 0;
    return Judgement.yes(subject.scope(), symptom(subject, down))
        .openAfter(down ? downFor(subject) : spec().openAfter());
  }

  private Duration downFor(WorkloadSubject subject) {
    boolean waits = K3sComponent.isComponent(subject) && componentFor.compareTo(downFor) > 0;
    return waits ? componentFor : downFor;
  }

  private static boolean isRolling(WorkloadSubject subject) {
    if (Boolean.TRUE.equals(subject.workload().paused())) {
      return false;
    }
    Condition progressing = subject.condition("Progressing");
    boolean begun =
        progressing != null
            && progressing.status().equals("True")
            && !"NewReplicaSetAvailable".equals(progressing.reason());
    return begun || subject.isUnobserved();
  }

  private static Symptom symptom(WorkloadSubject subject, boolean down) {
    Severity severity = subject.input().severity(Severity.LOW, Severity.MEDIUM, Severity.HIGH);
    return new Symptom(
        down ? Steps.higher(severity) : severity,
        subject.name()
            + (down ? " has no available pod" : " has fewer available pods than it wants"),
        Map.of("available", List.of(down ? "none" : "some")));
  }
}
