package cx.niro.core.incident.rules;

import cx.niro.core.Severity;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.incident.Judgement;
import cx.niro.core.incident.RuleSpec;
import cx.niro.core.incident.Symptom;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.Workload.Rollout;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A StatefulSet with fewer ready pods than it wants, for 10 minutes; or one whose update stopped
 * before its end, for 15. While pods are created or updated, and for 10 minutes after the last one,
 * it moves. An update is not expected of one that updates on deletion or has a partition.
 *
 * <p>kubernetes-mixin's KubeStatefulSetReplicasMismatch and KubeStatefulSetUpdateNotRolledOut wait
 * 15 minutes.
 */
final class StatefulSetDegraded extends WorkloadRule {
  private static final Duration CLEAR = Duration.ofMinutes(1);

  private final Duration updateFor;
  private final Duration rest;

  StatefulSetDegraded(Thresholds thresholds) {
    super(
        "StatefulSet",
        RuleSpec.of(IncidentType.STATEFULSET_DEGRADED)
            .reads(Section.WORKLOADS)
            .goingBy(Section.WORKLOADS)
            .openAfter(thresholds.time(Threshold.STATEFULSET_DEGRADED_FOR))
            .clearAfter(CLEAR));
    this.updateFor = thresholds.time(Threshold.STATEFULSET_UPDATE_FOR);
    this.rest = thresholds.time(Threshold.ROLLOUT_REST);
  }

  @Override
  Judgement judge(WorkloadSubject subject, UnreadyPods pods) {
    boolean unready = subject.ready() < subject.desired();
    boolean behind = isBehind(subject);
    if (!unready && !behind) {
      return Judgement.no(subject.scope());
    }
    Instant moving =
        subject.movingUntil(
            behind || subject.isUnobserved(),
            rest,
            subject.desired(),
            subject.updated(),
            WorkloadSubject.number(subject.replicas().total()));
    if (moving != null) {
      return Judgement.held(subject.scope()).recheckAt(moving);
    }
    return unready
        ? yes(subject, pods, "not_ready", " has fewer ready pods than it wants")
        : yes(subject, pods, "update_stopped", " stopped updating its pods").openAfter(updateFor);
  }

  private static boolean isBehind(WorkloadSubject subject) {
    Rollout rollout = subject.workload().rollout();
    return rollout != null
        && !subject.updatesOnDelete()
        && WorkloadSubject.number(rollout.partition()) == 0
        && rollout.updateRevision() != null
        && !rollout.updateRevision().equals(rollout.currentRevision())
        && subject.updated() < subject.desired();
  }

  private static Judgement yes(
      WorkloadSubject subject, UnreadyPods pods, String reason, String words) {
    Symptom symptom =
        new Symptom(
            subject.input().severity(Severity.LOW, Severity.MEDIUM, Severity.HIGH),
            subject.name() + words,
            pods.evidence(subject.scope(), List.of(reason)));
    return Judgement.yes(subject.scope(), symptom);
  }
}
