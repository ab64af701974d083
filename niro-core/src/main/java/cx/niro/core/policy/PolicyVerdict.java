package cx.niro.core.policy;

import cx.niro.core.Severity;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a rule says of one workload. Leave out of the texts what changes by itself, such as pod
 * names and counts: a changed text is a changed finding.
 *
 * @param text what is wrong for a failure, why for everything else but a pass
 * @param evidence what the rule saw, keyed by what it says; container names mostly
 * @param severities instead of the rule's own
 * @param recheckAfter when time alone will change the answer
 */
public record PolicyVerdict(
    PolicyState state,
    @Nullable String text,
    Map<String, List<String>> evidence,
    @Nullable Severities severities,
    @Nullable Duration recheckAfter) {

  private static final PolicyVerdict PASS =
      new PolicyVerdict(PolicyState.PASS, null, Map.of(), null, null);

  public PolicyVerdict {
    evidence = copy(evidence);
  }

  /** In the same order; most have one entry, and verdicts are kept, so those are kept small. */
  private static Map<String, List<String>> copy(Map<String, List<String>> evidence) {
    if (evidence.isEmpty()) {
      return Map.of();
    }
    if (evidence.size() == 1) {
      Map.Entry<String, List<String>> only = evidence.entrySet().iterator().next();
      return Map.of(only.getKey(), List.copyOf(only.getValue()));
    }
    Map<String, List<String>> copy = new LinkedHashMap<>();
    evidence.forEach((key, values) -> copy.put(key, List.copyOf(values)));
    return Collections.unmodifiableMap(copy);
  }

  /** Asked for each rule and workload of a changed beat: what would be generated is slow. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PolicyVerdict that
        && state == that.state
        && Objects.equals(text, that.text)
        && evidence.equals(that.evidence)
        && Objects.equals(severities, that.severities)
        && Objects.equals(recheckAfter, that.recheckAfter);
  }

  @Override
  public int hashCode() {
    return Objects.hash(state, text, evidence, severities, recheckAfter);
  }

  public static PolicyVerdict pass() {
    return PASS;
  }

  public static PolicyVerdict fail(String message) {
    return of(PolicyState.FAIL, message);
  }

  public static PolicyVerdict notApplicable(String reason) {
    return of(PolicyState.NOT_APPLICABLE, reason);
  }

  public static PolicyVerdict unknown(String reason) {
    return of(PolicyState.UNKNOWN, reason);
  }

  static PolicyVerdict of(PolicyState state, String text) {
    return new PolicyVerdict(state, text, Map.of(), null, null);
  }

  /** The same with one more piece of evidence; without values nothing is added. */
  public PolicyVerdict with(String key, List<String> values) {
    if (values.isEmpty()) {
      return this;
    }
    Map<String, List<String>> more = new LinkedHashMap<>(evidence);
    more.put(key, values);
    return new PolicyVerdict(state, text, more, severities, recheckAfter);
  }

  /** The same, by other severities than the rule's. */
  public PolicyVerdict with(Severities other) {
    return new PolicyVerdict(state, text, evidence, other, recheckAfter);
  }

  /** The same, as bad as this everywhere. */
  public PolicyVerdict with(Severity everywhere) {
    return with(Severities.of(everywhere));
  }

  /** The same, to be asked again after this time even if nothing changes. */
  public PolicyVerdict recheckAfter(Duration time) {
    return new PolicyVerdict(state, text, evidence, severities, time);
  }

  /** The same of what it saw, in another state. */
  PolicyVerdict as(PolicyState other, String reason) {
    return new PolicyVerdict(other, reason, evidence, severities, null);
  }
}
