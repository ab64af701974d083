package cx.niro.server.internal;

import cx.niro.core.ClusterId;
import cx.niro.core.Environment;
import cx.niro.core.Severity;
import cx.niro.core.policy.PolicyEngine;
import cx.niro.core.policy.PolicyEvaluation;
import cx.niro.core.protocol.HeldContent;
import cx.niro.core.snapshot.Section;
import cx.niro.server.spi.PolicySettings;
import cx.niro.server.spi.StoreTx;
import cx.niro.server.spi.Stores;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks the policies about a cluster when something that they go by has changed, and writes what
 * came of it. A change that changes no result costs no transaction.
 */
final class PolicyWatch {
  private final PolicyEngine engine;
  private final Stores stores;

  PolicyWatch(PolicyEngine engine, Stores stores) {
    this.engine = engine;
    this.stores = stores;
  }

  PolicyEngine engine() {
    return engine;
  }

  /**
   * What the last evaluation went by.
   *
   * @param content of the newest that no policy would judge otherwise
   * @param outcome the same number as long as no finding can have changed
   * @param recheckAt when time alone changes something; null for never
   */
  record Basis(
      HeldContent.Head content,
      Environment environment,
      PolicySettings settings,
      long outcome,
      @Nullable Instant recheckAt) {

    boolean holds(ClusterState state, Instant at) {
      return environment == state.row().environment()
          && settings.equals(state.policies().settings())
          && (recheckAt == null || recheckAt.isAfter(at));
    }

    Basis with(HeldContent.Head next) {
      return new Basis(next, environment, settings, outcome, recheckAt);
    }
  }

  /** An evaluation that changes what is stored. */
  record Step(PolicyEvaluation evaluation, Basis basis, Instant now) {}

  /**
   * Null when nothing is to be written; in the lane.
   *
   * @param taken the content of the beat
   */
  @Nullable Step look(LiveCluster live, ClusterState state, Taken taken, Clocks clocks) {
    ClusterContent content = taken.content();
    Basis last = live.policyBasis;
    if (content == null) {
      return null;
    }
    if (last != null
        && last.holds(state, clocks.server())
        && !isNews(last, taken.before(), content)) {
      live.policyBasis = last.with(content.head());
      return null;
    }
    PolicySettings settings = state.policies().settings();
    PolicyEvaluation evaluation =
        engine.evaluate(
            content.snapshot(),
            settings.context(state.row().environment()).at(clocks.cluster()),
            live.policyEvaluation);
    live.policyEvaluation = evaluation;
    Duration recheck = evaluation.recheckAfter();
    Basis basis =
        new Basis(
            content.head(),
            state.row().environment(),
            settings,
            outcome(evaluation, content),
            recheck == null ? null : clocks.server().plus(recheck));
    boolean same =
        last == null
            ? isStored(live.id, evaluation, clocks.server())
            : last.outcome() == basis.outcome();
    if (same) {
      live.policyBasis = basis;
      return null;
    }
    return new Step(evaluation, basis, clocks.server());
  }

  private boolean isNews(Basis last, @Nullable HeldContent before, ClusterContent now) {
    if (last.content().equals(now.head())) {
      return false;
    }
    return before == null
        || !last.content().equals(before.head())
        || engine.heeds(before.snapshot(), now.snapshot());
  }

  /** Now, by the server and by the cluster. */
  record Clocks(Instant server, Instant cluster) {}

  private boolean isStored(ClusterId cluster, PolicyEvaluation evaluation, Instant now) {
    return stores.inTransaction(
        tx -> FindingPlan.of(cluster, tx.findings().of(cluster), evaluation, now).isEmpty());
  }

  private static long outcome(PolicyEvaluation evaluation, ClusterContent content) {
    long hash = content.section(Section.WORKLOADS).state().name().hashCode();
    hash = 31 * hash + content.section(Section.PODS).state().name().hashCode();
    return 31 * hash + evaluation.outcome();
  }

  /**
   * After people said something else: by what the cluster sent last, so that it shows also while
   * the cluster is silent. In the lane.
   */
  void lookAgain(LiveCluster live, Instant now) {
    ClusterState state = live.state();
    Step step = look(live, state, Taken.unchanged(state.content(), null), new Clocks(now, now));
    if (step == null) {
      return;
    }
    Map<Severity, Integer> open = stores.inTransaction(tx -> write(tx, live.id, step));
    live.policyBasis = step.basis();
    live.become(live.state().with(live.state().policies().with(open)));
  }

  /** Inside the transaction of a session's step; the open findings afterwards. */
  static Map<Severity, Integer> write(StoreTx tx, ClusterId cluster, Step step) {
    FindingPlan plan =
        FindingPlan.of(cluster, tx.findings().of(cluster), step.evaluation(), step.now());
    tx.findings().put(plan.put());
    tx.findings().remove(cluster, plan.removed());
    FindingEntries.of(cluster, plan, step.now()).forEach(tx.timeline()::append);
    return tx.findings().openCounts(cluster);
  }
}
