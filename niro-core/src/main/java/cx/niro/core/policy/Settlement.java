package cx.niro.core.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What becomes of verdicts on one workload by profile, version and exemptions. */
final class Settlement {
  static final PolicyVerdict TOO_OLD =
      PolicyVerdict.notApplicable("not a rule of this version of Kubernetes");
  private static final PolicyVerdict OFF = PolicyVerdict.notApplicable("the profile is off");

  private final RuleSet rules;
  private final PolicySubject subject;
  private final PolicyProfile profile;
  private final List<Exemption> exemptions;

  Settlement(RuleSet rules, PolicySubject subject, PolicyProfile profile) {
    this.rules = rules;
    this.subject = subject;
    this.profile = profile;
    String name = subject.name().name();
    this.exemptions =
        subject.context().exemptions().stream()
            .filter(one -> one.covers(subject.meta(), name))
            .toList();
  }

  static boolean isAbout(PolicySpec spec, PolicySubject subject) {
    return subject.kubernetesMinor() >= spec.sinceMinor();
  }

  List<PolicyVerdict> of(List<PolicyVerdict> said) {
    List<PolicyVerdict> settled = new ArrayList<>(said);
    for (int i = 0; i < rules.size(); i++) {
      PolicySpec spec = rules.get(i).spec();
      if (spec.standard() != null && profile == PolicyProfile.OFF) {
        settled.set(i, OFF);
      } else if (rules.place(spec.replaces()) != null) {
        settleReplaced(said, settled, i);
      }
    }
    for (int i = 0; i < rules.size(); i++) {
      PolicyState state = settled.get(i).state();
      String reason =
          state == PolicyState.FAIL || state == PolicyState.UNKNOWN
              ? reason(rules.get(i).spec().id())
              : null;
      if (reason != null) {
        settled.set(i, settled.get(i).as(PolicyState.EXEMPT, reason));
      }
    }
    return settled;
  }

  /** Of two rules on one subject, the place of the stricter one given, only one is to be told. */
  private void settleReplaced(List<PolicyVerdict> said, List<PolicyVerdict> settled, int strict) {
    PolicySpec spec = rules.get(strict).spec();
    Integer milder = rules.place(spec.replaces());
    if (milder == null || !isAbout(spec, subject)) {
      return;
    }
    if (profile == PolicyProfile.RESTRICTED) {
      settled.set(milder, PolicyVerdict.notApplicable("replaced by " + spec.id()));
    } else if (said.get(milder).state() == PolicyState.FAIL) {
      settled.set(strict, PolicyVerdict.notApplicable("told by " + spec.replaces()));
    }
  }

  private @Nullable String reason(PolicyId rule) {
    for (Exemption exemption : exemptions) {
      if (exemption.covers(rule)) {
        return exemption.reason();
      }
    }
    String name = Exemption.ANNOTATION_PREFIX + rule;
    String own = given(subject.meta().annotations(), name);
    PodTemplate template = subject.template();
    return own != null || template == null ? own : given(template.annotations(), name);
  }

  private static @Nullable String given(Map<String, String> annotations, String name) {
    String reason = annotations.get(name);
    return reason == null || reason.isBlank() ? null : reason.strip();
  }
}
