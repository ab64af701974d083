package cx.niro.core.policy;

import cx.niro.core.Severity;
import cx.niro.core.incident.Scope;
import cx.niro.core.incident.Symptom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What all rules say of one workload: {@code said} by themselves, {@code settled} after profile,
 * version and exemptions. The same instance as before means that nothing about it has changed.
 */
final class Row {
  private final Scope scope;
  private final Grounds grounds;
  private final List<PolicyVerdict> said;
  private final List<PolicyVerdict> settled;
  private final @Nullable Duration recheckAfter;
  private final long outcome;

  private Row(RuleSet rules, PolicySubject subject, Grounds grounds, List<PolicyVerdict> said) {
    this.scope = subject.scope();
    this.grounds = grounds;
    this.said = said;
    this.settled = new Settlement(rules, subject, grounds.profile()).of(said);
    this.recheckAfter = soonest(settled);
    this.outcome = outcome(rules);
  }

  /**
   * @param before of the same workload by the same rules for the same version of Kubernetes
   */
  static Row of(
      RuleSet rules,
      PolicySubject subject,
      @Nullable Row before,
      BiConsumer<PolicyRule, RuntimeException> failures) {
    Grounds grounds = Grounds.of(subject);
    boolean judged = before != null && grounds.hasTemplateOf(before.grounds);
    boolean same = before != null && grounds.equals(before.grounds);
    PolicyVerdict[] said = new PolicyVerdict[rules.size()];
    for (int i = 0; i < said.length; i++) {
      PolicyVerdict was = before == null ? null : before.said.get(i);
      PolicyRule rule = rules.get(i);
      said[i] =
          was != null && judged && rule instanceof TemplateRule
              ? was
              : ask(rule, subject, failures);
      same = same && Objects.equals(said[i], was); // mostly the same instance
    }
    return before != null && same ? before : new Row(rules, subject, grounds, Arrays.asList(said));
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

  private static @Nullable Duration soonest(List<PolicyVerdict> verdicts) {
    Duration soonest = null;
    for (PolicyVerdict verdict : verdicts) {
      Duration time = verdict.recheckAfter();
      if (time != null && (soonest == null || time.compareTo(soonest) < 0)) {
        soonest = time;
      }
    }
    return soonest;
  }

  /** Zero when nothing is wrong or unknown. */
  private long outcome(RuleSet rules) {
    long hash = 0;
    for (int i = 0; i < rules.size(); i++) {
      PolicyState state = settled.get(i).state();
      if (state != PolicyState.PASS && state != PolicyState.NOT_APPLICABLE) {
        hash = 1_000_003 * hash + result(rules, i).hashCode();
      }
    }
    return hash;
  }

  Scope scope() {
    return scope;
  }

  @Nullable Duration recheckAfter() {
    return recheckAfter;
  }

  long outcome() {
    return outcome;
  }

  PolicyResult result(RuleSet rules, int place) {
    PolicyVerdict verdict = settled.get(place);
    PolicySpec spec = rules.get(place).spec();
    boolean wrong = said.get(place).state() == PolicyState.FAIL;
    boolean told =
        verdict.state() == PolicyState.FAIL || (verdict.state() == PolicyState.EXEMPT && wrong);
    Finding finding = told ? finding(rules, place) : null;
    boolean plain = verdict.state() == PolicyState.FAIL || verdict.state() == PolicyState.PASS;
    return new PolicyResult(
        spec.id(), scope, verdict.state(), finding, plain ? null : verdict.text());
  }

  private Finding finding(RuleSet rules, int place) {
    PolicySpec spec = rules.get(place).spec();
    PolicyVerdict verdict = said.get(place);
    Severity severity = severity(rules, place);
    if (grounds.idle() && severity.compareTo(Severity.LOW) > 0) {
      severity = Severity.LOW;
    }
    String text = verdict.text() == null ? spec.title() : verdict.text();
    return new Finding(
        spec.id(), scope, new Symptom(severity, text, verdict.evidence()), spec.fix());
  }

  /** A stricter rule never makes milder what the rule that it replaces accuses as well. */
  private Severity severity(RuleSet rules, int place) {
    PolicySpec spec = rules.get(place).spec();
    PolicyVerdict verdict = said.get(place);
    Severities severities = verdict.severities() == null ? spec.severities() : verdict.severities();
    Severity own = severities.in(grounds.context().environment());
    if (spec.standard() == PolicyProfile.RESTRICTED
        && grounds.profile() != PolicyProfile.RESTRICTED) {
      return lower(own);
    }
    Integer milder = rules.place(spec.replaces());
    if (milder == null || said.get(milder).state() != PolicyState.FAIL) {
      return own;
    }
    Severity other = severity(rules, milder);
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
