package cx.niro.core.policy;

/**
 * One policy: a pure function from a workload to a verdict. The {@link PolicyEngine} does the rest:
 * which workloads there are, profile and version, exemptions, severity, one finding for each.
 *
 * <p>A rule is called from any thread, also from several at once, so it keeps nothing in fields. A
 * rule that throws counts as unknown for that workload. A rule that reads nothing but what the pods
 * ask for is better a {@link TemplateRule}: it is asked once for each template.
 */
public abstract class PolicyRule {
  private final PolicySpec spec;

  protected PolicyRule(PolicySpec spec) {
    this.spec = spec;
  }

  /** What was given to the constructor. */
  public final PolicySpec spec() {
    return spec;
  }

  /**
   * Whether the rule reads what controllers and kubelets say of pods, workloads and nodes, beside
   * what people asked for. True unless a rule says otherwise; then it is not asked again while only
   * that changes.
   */
  protected boolean readsStatus() {
    return true;
  }

  /** How this workload stands to the rule. */
  protected abstract PolicyVerdict judge(PolicySubject subject);
}
