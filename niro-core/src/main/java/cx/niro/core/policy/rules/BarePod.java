package cx.niro.core.policy.rules;

import cx.niro.core.Severity;
import cx.niro.core.policy.PolicyRule;
import cx.niro.core.policy.PolicySpec;
import cx.niro.core.policy.PolicySubject;
import cx.niro.core.policy.PolicyVerdict;
import cx.niro.core.policy.Severities;
import cx.niro.core.snapshot.Pod;
import java.time.Duration;

/**
 * A pod that nothing controls, so that nothing makes it again. Spared are static pods, tests of
 * Helm charts, and for an hour what somebody started by hand to look around.
 */
final class BarePod extends PolicyRule {
  private static final Duration LOOKING_AROUND = Duration.ofHours(1);

  BarePod() {
    super(
        PolicySpec.of(
            "bare-pod",
            Severities.of(Severity.LOW, Severity.MEDIUM, Severity.MEDIUM),
            "Pod without a controller",
            "Wrap it in a Deployment or a Job; a bare pod is lost with its node."));
  }

  @Override
  protected boolean readsStatus() {
    return false;
  }

  @Override
  protected PolicyVerdict judge(PolicySubject subject) {
    Pod pod = subject.newestPod();
    if (pod == null || !subject.kind().equals("Pod")) {
      return PolicyVerdict.notApplicable("it is controlled");
    }
    if (pod.meta().owner() != null
        || pod.meta().annotations().containsKey("kubernetes.io/config.mirror")) {
      return PolicyVerdict.notApplicable("the kubelet runs it from a file");
    }
    if (pod.meta().annotations().containsKey("helm.sh/hook")) {
      return PolicyVerdict.notApplicable("it is a hook of a Helm chart");
    }
    Duration age = subject.age();
    if (age != null && age.compareTo(LOOKING_AROUND) < 0) {
      return PolicyVerdict.notApplicable("it is younger than an hour")
          .recheckAfter(LOOKING_AROUND.minus(age));
    }
    return PolicyVerdict.fail("Pod without a controller");
  }
}
