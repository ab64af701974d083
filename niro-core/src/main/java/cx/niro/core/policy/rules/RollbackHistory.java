package cx.niro.core.policy.rules;

import cx.niro.core.Severity;
import cx.niro.core.policy.PolicyRule;
import cx.niro.core.policy.PolicySpec;
import cx.niro.core.policy.PolicySubject;
import cx.niro.core.policy.PolicyVerdict;
import cx.niro.core.policy.Severities;
import cx.niro.core.snapshot.Workload;
import java.util.Set;

/** {@code revisionHistoryLimit: 0}: no earlier revision is left to go back to. */
final class RollbackHistory extends PolicyRule {
  private static final Set<String> KINDS = Set.of("Deployment", "StatefulSet", "DaemonSet");

  RollbackHistory() {
    super(
        PolicySpec.of(
            "no-rollback-history",
            Severities.of(Severity.LOW, Severity.MEDIUM),
            "Keeps no revision to roll back to",
            "Remove revisionHistoryLimit, whose default is 10, or set it to at least 1."));
  }

  @Override
  protected boolean readsStatus() {
    return false;
  }

  @Override
  protected PolicyVerdict judge(PolicySubject subject) {
    Workload workload = subject.workload();
    if (!KINDS.contains(subject.kind())) {
      return PolicyVerdict.notApplicable("it has no revisions");
    }
    if (workload == null || workload.rollout() == null) {
      return PolicyVerdict.unknown("its revisions were not reported");
    }
    Integer limit = workload.rollout().revisionHistoryLimit();
    return limit != null && limit == 0
        ? PolicyVerdict.fail("Keeps no revision to roll back to: revisionHistoryLimit is 0")
        : PolicyVerdict.pass();
  }
}
