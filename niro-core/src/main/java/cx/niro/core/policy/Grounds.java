package cx.niro.core.policy;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What, beside the verdicts of the rules, decides what is told of a workload: profile, severities
 * and exemptions follow from it.
 *
 * @param context without its clock
 * @param idle the workload is wanted with no pods at the moment, so that nothing is worse than low
 */
record Grounds(
    PolicyContext context,
    boolean idle,
    @Nullable String templateHash,
    @Nullable String namespace,
    Map<String, String> labels,
    Map<String, String> annotations,
    Map<String, String> templateAnnotations) {

  static Grounds of(PolicySubject subject) {
    PodTemplate template = subject.template();
    return new Grounds(
        subject.timeless(),
        subject.isIdle(),
        subject.templateHash(),
        subject.meta().namespace(),
        subject.meta().labels(),
        subject.meta().annotations(),
        template == null ? Map.of() : template.annotations());
  }

  PolicyProfile profile() {
    return context.profileOf(namespace);
  }

  boolean hasTemplateOf(Grounds other) {
    return templateHash != null && templateHash.equals(other.templateHash);
  }
}
