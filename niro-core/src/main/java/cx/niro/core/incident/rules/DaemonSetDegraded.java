package cx.niro.core.incident.rules;

import cx.niro.core.Severity;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.incident.Judgement;
import cx.niro.core.incident.RuleSpec;
import cx.niro.core.incident.Symptom;
import cx.niro.core.snapshot.Section;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A DaemonSet that is not available, not updated, or running where it should not, on some node, for
 * 10 minutes, and that did not move for 5. Pods on nodes that are cordoned or not ready are not
 * missed. One that updates on deletion is not expected to be updated. k3s' service load balancers
 * count a step less, for a taken host port leaves them pending for good.
 *
 * <p>As kubernetes-mixin's KubeDaemonSetRolloutStuck, which waits 15 minutes.
 */
final class DaemonSetDegraded extends WorkloadRule {
  private static final Duration CLEAR = Duration.ofMinutes(1);
  private static final String LOAD_BALANCER = "svccontroller.k3s.cattle.io/svcname";

  private final Duration rest;

  DaemonSetDegraded(Thresholds thresholds) {
    super(
        "DaemonSet",
        RuleSpec.of(IncidentType.DAEMONSET_DEGRADED)
            .reads(Section.WORKLOADS)
            .goingBy(Section.WORKLOADS, Section.PODS, Section.NODES)
            .openAfter(thresholds.time(Threshold.DAEMONSET_DEGRADED_FOR))
            .clearAfter(CLEAR));
    this.rest = thresholds.time(Threshold.DAEMONSET_REST);
  }

  @Override
  Judgement judge(WorkloadSubject subject, UnreadyPods pods) {
    int desired = subject.desired();
    if (!isWrong(subject, desired)) {
      return Judgement.no(subject.scope());
    }
    boolean rolling = subject.isUnobserved() || isBehind(subject, desired);
    Instant moving = subject.movingUntil(rolling, rest, desired, subject.updated());
    if (moving != null) {
      return Judgement.held(subject.scope()).recheckAt(moving);
    }
    Integer excused = pods.onNodesOutOfService(subject.scope());
    if (excused == null) {
      return Judgement.unknown(subject.scope());
    }
    return isWrong(subject, desired - excused)
        ? Judgement.yes(subject.scope(), symptom(subject, pods, desired - excused))
        : Judgement.held(subject.scope());
  }

  private static boolean isWrong(WorkloadSubject subject, int desired) {
    return subject.available() < desired || isBehind(subject, desired) || isMisplaced(subject);
  }

  private static boolean isBehind(WorkloadSubject subject, int desired) {
    return !subject.updatesOnDelete() && subject.updated() < desired;
  }

  private static boolean isMisplaced(WorkloadSubject subject) {
    return WorkloadSubject.number(subject.replicas().misscheduled()) > 0;
  }

  private static Symptom symptom(WorkloadSubject subject, UnreadyPods pods, int desired) {
    List<String> reasons = new ArrayList<>();
    if (subject.available() < desired) {
      reasons.add("not_available");
    }
    if (isBehind(subject, desired)) {
      reasons.add("not_updated");
    }
    if (isMisplaced(subject)) {
      reasons.add("misscheduled");
    }
    Map<String, List<String>> evidence =
        new LinkedHashMap<>(pods.evidence(subject.scope(), reasons));
    Severity severity = subject.input().severity(Severity.LOW, Severity.MEDIUM, Severity.HIGH);
    boolean balancer = subject.workload().meta().labels().containsKey(LOAD_BALANCER);
    if (balancer) {
      evidence.put(
          "hint",
          List.of(
              "a load balancer of k3s: the host port may be taken, or nodes may lack the label"
                  + " svccontroller.k3s.cattle.io/enablelb"));
    }
    return new Symptom(
        balancer ? Steps.lower(severity) : severity,
        subject.name() + " is not as it should be on every node",
        evidence);
  }
}
