package cx.niro.core.testkit;

import cx.niro.core.Environment;
import cx.niro.core.incident.Scope;
import cx.niro.core.policy.Finding;
import cx.niro.core.policy.FindingChanges;
import cx.niro.core.policy.PolicyContext;
import cx.niro.core.policy.PolicyEngine;
import cx.niro.core.policy.PolicyEvaluation;
import cx.niro.core.policy.PolicyId;
import cx.niro.core.policy.PolicyResult;
import cx.niro.core.snapshot.ClusterSnapshot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One cluster under policies, evaluated as a server does: the open findings are kept, each
 * evaluation is compared with them, and the previous one is handed on.
 */
public final class PolicyRun {
  private final PolicyEngine engine;
  private final Map<String, Finding> open = new LinkedHashMap<>();
  private final List<String> story = new ArrayList<>();
  private PolicyContext context = PolicyContext.of(Environment.STAGING);
  private @Nullable PolicyEvaluation last;

  private PolicyRun(PolicyEngine engine) {
    this.engine = engine;
  }

  /** A cluster for staging with the default profile and exemptions. */
  public static PolicyRun of(PolicyEngine engine) {
    return new PolicyRun(engine);
  }

  /** What people say of the cluster from now on. */
  public PolicyRun under(PolicyContext next) {
    context = next;
    return this;
  }

  /** Evaluates a snapshot. */
  public PolicyRun sees(ClusterSnapshot snapshot) {
    last = engine.evaluate(snapshot, context, last);
    FindingChanges changes = FindingChanges.diff(findings(), last);
    for (Finding finding : changes.appeared()) {
      open.put(key(finding), finding);
      story.add("appeared " + key(finding));
    }
    for (FindingChanges.Changed changed : changes.changed()) {
      open.put(key(changed.now()), changed.now());
      story.add("changed " + key(changed.now()));
    }
    for (FindingChanges.Cleared cleared : changes.cleared()) {
      open.remove(key(cleared.finding()));
      story.add("cleared " + key(cleared.finding()) + ", " + cleared.now().wireName());
    }
    return this;
  }

  /** The open findings, the oldest first. */
  public Collection<Finding> findings() {
    return List.copyOf(open.values());
  }

  /** The open findings as {@code rule scope}. */
  public List<String> open() {
    return List.copyOf(open.keySet());
  }

  /** Everything that happened, for example {@code appeared mutable-tag ns/shop/Deployment/web}. */
  public List<String> story() {
    return List.copyOf(story);
  }

  /** How a workload stood to a rule at the last evaluation. */
  public PolicyResult result(String rule, String scope) {
    if (last == null) {
      throw new IllegalStateException("nothing was seen yet");
    }
    return last.result(new PolicyId(rule), new Scope(scope));
  }

  private static String key(Finding finding) {
    return finding.rule() + " " + finding.scope();
  }
}
