package cx.niro.core.incident.rules;

import cx.niro.core.Severity;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.incident.Judgement;
import cx.niro.core.incident.RuleSpec;
import cx.niro.core.incident.Symptom;
import cx.niro.core.snapshot.Condition;
import cx.niro.core.snapshot.Section;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Deployment's rollout failed: its progress deadline passed, its pods are refused for a minute,
 * or its controller does not look at it for 5 minutes. A new attempt keeps the incident, marked
 * {@code retrying}, until it is complete. A paused Deployment is held, one that wants no pods is
 * well. A Deployment whose old pods still serve has failed nevertheless.
 *
 * <p>kubernetes-mixin's KubeDeploymentRolloutStuck and KubeDeploymentGenerationMismatch wait 15
 * minutes.
 */
final class DeploymentFailed extends WorkloadRule {
  private static final Duration CLEAR = Duration.ofMinutes(1);

  private final Duration refusedFor;
  private final Duration unobservedFor;

  DeploymentFailed(Thresholds thresholds) {
    super(
        "Deployment",
        RuleSpec.of(IncidentType.DEPLOYMENT_FAILED)
            .reads(Section.WORKLOADS)
            .goingBy(Section.WORKLOADS)
            .openAfter(thresholds.time(Threshold.DEPLOYMENT_FAILED_FOR))
            .clearAfter(CLEAR));
    this.refusedFor = thresholds.time(Threshold.DEPLOYMENT_REFUSED_FOR);
    this.unobservedFor = thresholds.time(Threshold.DEPLOYMENT_UNOBSERVED_FOR);
  }

  @Override
  Judgement judge(WorkloadSubject subject, UnreadyPods pods) {
    if (Boolean.TRUE.equals(subject.workload().paused())) {
      return Judgement.held(subject.scope());
    }
    if (subject.desired() == 0) {
      return Judgement.no(subject.scope());
    }
    Condition late = failed(subject.condition("Progressing"), "False");
    if (late != null && "ProgressDeadlineExceeded".equals(late.reason())) {
      return yes(subject, "progress_deadline_exceeded", late);
    }
    Condition refused = failed(subject.condition("ReplicaFailure"), "True");
    if (refused != null) {
      return yes(subject, "replica_failure", refused).openAfter(refusedFor);
    }
    if (subject.isUnobserved()) {
      return yes(subject, "not_observed", null).openAfter(unobservedFor);
    }
    return subject.input().isOpen(subject.scope()) && !isComplete(subject)
        ? yes(subject, "retrying", null)
        : Judgement.no(subject.scope());
  }

  private static @Nullable Condition failed(@Nullable Condition condition, String status) {
    return condition != null && condition.status().equals(status) ? condition : null;
  }

  private static boolean isComplete(WorkloadSubject subject) {
    Condition progressing = subject.condition("Progressing");
    boolean done = progressing == null || "NewReplicaSetAvailable".equals(progressing.reason());
    return done && subject.updated() >= subject.desired() && subject.ready() >= subject.desired();
  }

  private static Judgement yes(
      WorkloadSubject subject, String reason, @Nullable Condition condition) {
    Map<String, List<String>> evidence = new LinkedHashMap<>();
    evidence.put("reason", List.of(reason));
    evidence.put("available", List.of(subject.available() == 0 ? "none" : "some"));
    if (condition != null && condition.message() != null) {
      evidence.put("message", List.of(condition.message()));
    }
    Symptom symptom =
        new Symptom(
            subject.input().severity(Severity.LOW, Severity.MEDIUM, Severity.HIGH),
            subject.name() + " " + words(reason),
            evidence);
    Judgement judgement = Judgement.yes(subject.scope(), symptom);
    return condition == null
        ? judgement
        : judgement.since(subject.input().serverTime(condition.lastTransitionAt()));
  }

  private static String words(String reason) {
    return switch (reason) {
      case "progress_deadline_exceeded" -> "was not rolled out within its deadline";
      case "replica_failure" -> "cannot create its pods";
      case "not_observed" -> "was changed, and its controller does not act";
      default -> "failed and is being rolled out again";
    };
  }
}
