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
import org.jspecify.annotations.Nullable;

/** How all workloads of a cluster stand to all rules at one moment. Immutable. */
public final class PolicyEvaluation {
  private final RuleSet rules;
  private final PolicyContext timeless;
  private final int kubernetesMinor;

  /** By scope. */
  private final Map<WorkloadName, Row> rows;

  private final boolean workloadsComplete;
  private final boolean podsComplete;

  PolicyEvaluation(RuleSet rules, Look look, Map<WorkloadName, Row> rows, boolean all) {
    this.rules = rules;
    this.timeless = look.timeless();
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
    for (Row row : rows.values()) {
      for (int i = 0; i < rules.size(); i++) {
        results.add(row.result(rules, i));
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
    WorkloadName name = WorkloadName.of(scope);
    Row row = name == null ? null : rows.get(name);
    if (place == null) {
      return without(rule, scope, PolicyState.NOT_APPLICABLE, "there is no such rule any more");
    }
    if (row != null) {
      return row.result(rules, place);
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
    Duration soonest = null;
    for (Row row : rows.values()) {
      Duration time = row.recheckAfter();
      if (time != null && (soonest == null || time.compareTo(soonest) < 0)) {
        soonest = time;
      }
    }
    return soonest;
  }

  /**
   * A number that stays the same as long as all that is wrong, exempt or unknown does, and whether
   * what is gone can be told; means something within one process only. Costs nearly nothing, where
   * {@link #results} makes them all.
   */
  public long outcome() {
    long hash = (workloadsComplete ? 1L : 2L) + (podsComplete ? 4L : 8L);
    for (Row row : rows.values()) {
      if (row.outcome() != 0) {
        hash = 1_000_003 * hash + row.outcome();
      }
    }
    return hash;
  }

  PolicyContext timeless() {
    return timeless;
  }

  Map<WorkloadName, Row> reusable(RuleSet others, int minor) {
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
