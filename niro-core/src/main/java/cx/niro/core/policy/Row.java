package cx.niro.core.policy;

import cx.niro.core.Severity;
import cx.niro.core.incident.Scope;
import cx.niro.core.incident.Symptom;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What all rules say of one workload: {@code said} by themselves, {@code settled} after profile,
 * version and exemptions.
 *
 * @param idle the workload is wanted with no pods at the moment, so that nothing is worse than low
 */
record Row(
    Scope scope,
    @Nullable String templateHash,
    PolicyProfile profile,
    boolean idle,
    List<PolicyVerdict> said,
    List<PolicyVerdict> settled) {

  static Row of(
      RuleSet rules,
      PolicySubject subject,
      @Nullable Row before,
      BiConsumer<PolicyRule, RuntimeException> failures) {
    String hash = subject.templateHash();
    boolean same = before != null && hash != null && hash.equals(before.templateHash);
    PolicyVerdict[] said = new PolicyVerdict[rules.size()];
    for (int i = 0; i < said.length; i++) {
      PolicyRule rule = rules.get(i);
      said[i] =
          same && rule instanceof TemplateRule
              ? Objects.requireNonNull(before).said.get(i)
              : ask(rule, subject, failures);
    }
    List<PolicyVerdict> all = Arrays.asList(said);
    PolicyProfile profile = subject.context().profileOf(subject.meta().namespace());
    List<PolicyVerdict> settled = new Settlement(rules, subject, profile).of(all);
    return new Row(subject.scope(), hash, profile, subject.isIdle(), all, settled);
  }

  private static PolicyVerdict ask(
      PolicyRule rule, PolicySubject subject, BiConsumer<PolicyRule, RuntimeException> failures) {
    if (!Settlement.isAbout(rule.spec(), subject)) {
      return Settlement.TOO_OLD;
    }
    try {
      return Objects.requireNonNull(rule.judge(subject), "a verdict");
    } catch (RuntimeException e) {
      failures.accept(rule, e);
      return PolicyVerdict.unknown("the rule failed");
    }
  }

  PolicyResult result(RuleSet rules, int place, PolicyContext context) {
    PolicyVerdict verdict = settled.get(place);
    PolicySpec spec = rules.get(place).spec();
    boolean wrong = said.get(place).state() == PolicyState.FAIL;
    boolean told =
        verdict.state() == PolicyState.FAIL || (verdict.state() == PolicyState.EXEMPT && wrong);
    Finding finding = told ? finding(rules, place, context) : null;
    boolean plain = verdict.state() == PolicyState.FAIL || verdict.state() == PolicyState.PASS;
    return new PolicyResult(
        spec.id(), scope, verdict.state(), finding, plain ? null : verdict.text());
  }

  private Finding finding(RuleSet rules, int place, PolicyContext context) {
    PolicySpec spec = rules.get(place).spec();
    PolicyVerdict verdict = said.get(place);
    Severity severity = severity(rules, place, context);
    if (idle && severity.compareTo(Severity.LOW) > 0) {
      severity = Severity.LOW;
    }
    String text = verdict.text() == null ? spec.title() : verdict.text();
    return new Finding(
        spec.id(), scope, new Symptom(severity, text, verdict.evidence()), spec.fix());
  }

  /** A stricter rule never makes milder what the rule that it replaces accuses as well. */
  private Severity severity(RuleSet rules, int place, PolicyContext context) {
    PolicySpec spec = rules.get(place).spec();
    PolicyVerdict verdict = said.get(place);
    Severities severities = verdict.severities() == null ? spec.severities() : verdict.severities();
    Severity own = severities.in(context.environment());
    if (spec.standard() == PolicyProfile.RESTRICTED && profile != PolicyProfile.RESTRICTED) {
      return lower(own);
    }
    Integer milder = rules.place(spec.replaces());
    if (milder == null || said.get(milder).state() != PolicyState.FAIL) {
      return own;
    }
    Severity other = severity(rules, milder, context);
    return other.compareTo(own) > 0 ? other : own;
  }

  private static Severity lower(Severity severity) {
    return switch (severity) {
      case HIGH -> Severity.MEDIUM;
      case MEDIUM -> Severity.LOW;
      case LOW, INFO -> Severity.INFO;
    };
  }
}
