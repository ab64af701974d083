package cx.niro.core.policy;

import java.util.function.Function;

/**
 * A policy that reads nothing but what the pods ask for, so that its verdict stays as long as the
 * template does; unknown for a workload whose template is not reported.
 */
public abstract class TemplateRule extends PolicyRule {
  protected TemplateRule(PolicySpec spec) {
    super(spec);
  }

  /** A rule that is no more than a function. */
  public static TemplateRule of(PolicySpec spec, Function<PodTemplate, PolicyVerdict> judge) {
    return new TemplateRule(spec) {
      @Override
      protected PolicyVerdict judge(PodTemplate template) {
        return judge.apply(template);
      }
    };
  }

  @Override
  protected final boolean readsStatus() {
    return false;
  }

  /** How pods made from this template stand to the rule. */
  protected abstract PolicyVerdict judge(PodTemplate template);

  @Override
  protected final PolicyVerdict judge(PolicySubject subject) {
    PodTemplate template = subject.template();
    return template == null ? PolicySubject.NO_TEMPLATE : judge(template);
  }
}
