package cx.niro.core.policy.rules;

import cx.niro.core.Severity;
import cx.niro.core.policy.PodTemplate;
import cx.niro.core.policy.PolicySpec;
import cx.niro.core.policy.PolicyVerdict;
import cx.niro.core.policy.Severities;
import cx.niro.core.policy.TemplateRule;
import cx.niro.core.snapshot.Container;
import java.util.ArrayList;
import java.util.List;

/**
 * A container that runs as long as its pod, without readiness or liveness probe. Not for what is
 * meant to end. Low when all that is missing is the readiness of containers without ports, which
 * nothing is sent to.
 */
final class HealthProbes {
  private HealthProbes() {}

  static TemplateRule rule() {
    PolicySpec spec =
        PolicySpec.of(
            "missing-health-probes",
            Severities.of(Severity.MEDIUM),
            "Container without readiness or liveness probe",
            "Add a readinessProbe, and a livenessProbe that differs from it.");
    return TemplateRule.of(spec, HealthProbes::judge);
  }

  private static PolicyVerdict judge(PodTemplate template) {
    if (template.runsToCompletion()) {
      return PolicyVerdict.notApplicable("it is meant to end");
    }
    if (template.isMirror()) {
      return PolicyVerdict.notApplicable("the kubelet runs it from a file");
    }
    List<Container> lasting = template.lastingContainers();
    List<String> unready = PodTemplate.namesOf(lasting, one -> one.readinessProbe() == null);
    List<String> unlively = PodTemplate.namesOf(lasting, one -> one.livenessProbe() == null);
    List<String> names = new ArrayList<>(unready);
    unlively.stream().filter(name -> !names.contains(name)).forEach(names::add);
    String missing =
        unlively.isEmpty() ? "readiness" : unready.isEmpty() ? "liveness" : "readiness or liveness";
    return new Broken()
        .by("missing-readiness-probe", unready)
        .by("missing-liveness-probe", unlively)
        .verdict("No " + missing + " probe", names);
  }
}
