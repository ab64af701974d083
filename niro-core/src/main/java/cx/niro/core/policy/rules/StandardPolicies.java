package cx.niro.core.policy.rules;

import cx.niro.core.policy.PolicyRule;
import java.util.ArrayList;
import java.util.List;

/** The rules of {@code PolicyEngine.standard()}, for engines with more or fewer. */
public final class StandardPolicies {
  private StandardPolicies() {}

  /** One of each. */
  public static List<PolicyRule> all() {
    List<PolicyRule> all = new ArrayList<>();
    all.add(new SingleReplica());
    all.add(MutableTag.rule());
    all.add(ComputeResources.missingRequests());
    all.add(ComputeResources.missingLimits());
    all.add(HealthProbes.rule());
    all.add(BaselineStandard.privileged());
    all.add(new RollbackHistory());
    all.add(new PullCredential());
    all.add(ComputeResources.bestEffort());
    all.add(new BarePod());
    all.addAll(BaselineStandard.rules());
    all.addAll(Confinement.rules());
    all.addAll(RestrictedStandard.rules());
    return List.copyOf(all);
  }
}
