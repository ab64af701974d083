package cx.niro.core.policy;

import cx.niro.core.incident.Scope;
import cx.niro.core.policy.PolicySubject.Look;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.SectionStatus.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How all workloads of a cluster stand to all rules at one moment. Immutable. */
public final class PolicyEvaluation {
  private final RuleSet rules;
  private final PolicyContext context;
  private final int kubernetesMinor;
  private final Map<String, Row> rows;
  private final boolean workloadsComplete;
  private final boolean podsComplete;

  PolicyEvaluation(RuleSet rules, Look look, Map<String, Row> rows, boolean all) {
    this.rules = rules;
    this.context = look.context();
    this.kubernetesMinor = look.kubernetesMinor();
    this.rows = rows;
    this.workloadsComplete = all && complete(look, Section.WORKLOADS);
    this.podsComplete = all && complete(look, Section.PODS);
  }

  private static boolean complete(Look look, Section section) {
    return look.context().manifests() || look.snapshot().section(section).state() == State.COMPLETE;
  }

  /** One for each workload and rule, by scope, then in the order of the rules. */
  public List<PolicyResult> results() {
    List<PolicyResult> results = new ArrayList<>();
    for (Row row : new TreeMap<>(rows).values()) {
      for (int i = 0; i < rules.size(); i++) {
        results.add(row.result(rules, i, context));
      }
    }
    return results;
  }

  /** What fails and is not exempt, by scope, then in the order of the rules. */
  public List<Finding> findings() {
    return results().stream()
        .filter(result -> result.state() == PolicyState.FAIL)
        .map(PolicyResult::finding)
        .filter(Objects::nonNull)
        .toList();
  }

  /**
   * How a workload stands to a rule. One that is gone is {@link PolicyState#NOT_APPLICABLE} when
   * all objects like it were reported, and {@link PolicyState#UNKNOWN} otherwise; so is a rule that
   * there is not.
   */
  public PolicyResult result(PolicyId rule, Scope scope) {
    Integer place = rules.place(rule);
    Row row = rows.get(scope.value());
    if (place == null) {
      return without(rule, scope, PolicyState.NOT_APPLICABLE, "there is no such rule any more");
    }
    if (row != null) {
      return row.result(rules, place, context);
    }
    return canTellGone(scope)
        ? without(rule, scope, PolicyState.NOT_APPLICABLE, "the workload is gone")
        : without(rule, scope, PolicyState.UNKNOWN, "not all workloads were reported");
  }

  /** The Kubernetes 1.x that the rules were read for. */
  public int kubernetesMinor() {
    return kubernetesMinor;
  }

  /** When to evaluate again even if nothing changes; null for not before something changes. */
  public @Nullable Duration recheckAfter() {
    return rows.values().stream()
        .flatMap(row -> row.settled().stream())
        .map(PolicyVerdict::recheckAfter)
        .filter(Objects::nonNull)
        .min(Duration::compareTo)
        .orElse(null);
  }

  Map<String, Row> reusable(RuleSet others, int minor) {
    return rules.all() == others.all() && kubernetesMinor == minor ? rows : Map.of();
  }

  private boolean canTellGone(Scope scope) {
    return Subjects.WORKLOAD_KINDS.contains(Subjects.kindOf(scope))
        ? workloadsComplete
        : podsComplete;
  }

  private static PolicyResult without(
      PolicyId rule, Scope scope, PolicyState state, String reason) {
    return new PolicyResult(rule, scope, state, null, reason);
  }
}
