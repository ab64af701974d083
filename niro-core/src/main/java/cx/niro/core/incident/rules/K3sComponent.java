package cx.niro.core.incident.rules;

import cx.niro.core.Severity;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.incident.Judgement;
import cx.niro.core.incident.RuleInput;
import cx.niro.core.incident.RuleSpec;
import cx.niro.core.incident.Symptom;
import cx.niro.core.snapshot.Condition;
import cx.niro.core.snapshot.Section;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A Deployment that k3s brings has no available pod for 3 minutes: coredns, metrics-server,
 * local-path-provisioner or traefik. One that was switched off or replaced is not there and not
 * missed. In its first 3 minutes a cluster is starting. A chart that k3s could not install is a
 * failed Job.
 */
final class K3sComponent extends WorkloadRule {
  private static final Duration STARTING = Duration.ofMinutes(3);
  private static final Duration CLEAR = Duration.ofMinutes(1);
  private static final String DNS = "coredns";
  private static final Set<String> NAMES =
      Set.of(DNS, "metrics-server", "local-path-provisioner", "traefik");

  K3sComponent(Thresholds thresholds) {
    super(
        "Deployment",
        RuleSpec.of(IncidentType.K3S_COMPONENT_UNHEALTHY)
            .reads(Section.WORKLOADS)
            .goingBy(Section.WORKLOADS)
            .openAfter(thresholds.time(Threshold.K3S_COMPONENT_FOR))
            .clearAfter(CLEAR));
  }

  @Override
  Judgement judge(WorkloadSubject subject, UnreadyPods pods) {
    if (!isComponent(subject) || subject.desired() == 0 || subject.available() > 0) {
      return Judgement.no(subject.scope());
    }
    RuleInput input = subject.input();
    Duration age = input.age(subject.workload().meta().createdAt());
    return age != null && age.compareTo(STARTING) < 0
        ? Judgement.no(subject.scope()).recheckAt(input.now().plus(STARTING).minus(age))
        : Judgement.yes(subject.scope(), symptom(subject));
  }

  static boolean isComponent(WorkloadSubject subject) {
    return "k3s".equals(subject.input().snapshot().info().distribution())
        && "kube-system".equals(subject.workload().meta().namespace())
        && NAMES.contains(subject.workload().meta().name());
  }

  private static Symptom symptom(WorkloadSubject subject) {
    String name = subject.workload().meta().name();
    RuleInput input = subject.input();
    Condition available = subject.condition("Available");
    Map<String, List<String>> evidence = new LinkedHashMap<>();
    evidence.put("component", List.of(name));
    if (available != null && available.message() != null) {
      evidence.put("message", List.of(available.message()));
    }
    Severity severity =
        name.equals(DNS)
            ? input.severity(Severity.MEDIUM, Severity.HIGH, Severity.HIGH)
            : input.severity(Severity.LOW, Severity.MEDIUM, Severity.MEDIUM);
    return new Symptom(severity, "The k3s component " + name + " has no available pod", evidence);
  }
}
