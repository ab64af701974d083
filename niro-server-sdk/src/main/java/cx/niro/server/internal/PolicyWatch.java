package cx.niro.server.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import cx.niro.core.ClusterId;
import cx.niro.core.Environment;
import cx.niro.core.Severity;
import cx.niro.core.policy.PolicyEngine;
import cx.niro.core.policy.PolicyEvaluation;
import cx.niro.core.protocol.HeldContent;
import cx.niro.core.snapshot.ClusterSnapshot;
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
  /** Workloads and pods whose last evaluation is kept, of all clusters together; 1 kB each. */
  private static final long REMEMBERED = 50_000;

  private final PolicyEngine engine;
  private final Stores stores;
  private final Cache<ClusterId, Remembered> remembered =
      Caffeine.newBuilder()
          .maximumWeight(REMEMBERED)
          .weigher((ClusterId id, Remembered last) -> last.weight())
          .build();

  PolicyWatch(PolicyEngine engine, Stores stores) {
    this.engine = engine;
    this.stores = stores;
  }

  PolicyEngine engine() {
    return engine;
  }

  private record Remembered(PolicyEvaluation evaluation, int weight) {}

  /**
   * What the last evaluation went by.
   *
   * @param content the newest that no policy would judge otherwise
   * @param outcome the same number as long as no finding can have changed
   * @param recheckAt when time alone changes something; null for never
   */
  record Basis(
      HeldContent content,
      Environment environment,
      PolicySettings settings,
      long outcome,
      @Nullable Instant recheckAt) {

    boolean holds(ClusterState state, Instant at) {
      return environment == state.row().environment()
          && settings.equals(state.policies().settings())
          && (recheckAt == null || recheckAt.isAfter(at));
    }

    Basis with(HeldContent next) {
      return new Basis(next, environment, settings, outcome, recheckAt);
    }
  }

  /** An evaluation that changes what is stored. */
  record Step(PolicyEvaluation evaluation, Basis basis, Instant now) {}

  /** Null when nothing is to be written; in the lane. */
  @Nullable Step look(
      LiveCluster live, ClusterState state, @Nullable HeldContent content, Clocks clocks) {
    Basis last = live.policyBasis;
    if (content == null) {
      return null;
    }
    if (last != null && last.holds(state, clocks.server()) && !isNews(last, content)) {
      live.policyBasis = last.with(content);
      return null;
    }
    PolicySettings settings = state.policies().settings();
    Remembered known = remembered.getIfPresent(live.id);
    PolicyEvaluation evaluation =
        engine.evaluate(
            content.snapshot(),
            settings.context(state.row().environment()).at(clocks.cluster()),
            known == null ? null : known.evaluation());
    remembered.put(live.id, new Remembered(evaluation, weight(content.snapshot())));
    Duration recheck = evaluation.recheckAfter();
    Basis basis =
        new Basis(
            content,
            state.row().environment(),
            settings,
            outcome(evaluation, content.snapshot()),
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

  private boolean isNews(Basis last, HeldContent now) {
    HeldContent was = last.content();
    boolean same = was.revision() == now.revision() && was.bootId().equals(now.bootId());
    return !same && engine.heeds(was.snapshot(), now.snapshot());
  }

  /** Now, by the server and by the cluster. */
  record Clocks(Instant server, Instant cluster) {}

  private static int weight(ClusterSnapshot snapshot) {
    return 1 + snapshot.objects().workloads().size() + snapshot.objects().pods().size() / 4;
  }

  private boolean isStored(ClusterId cluster, PolicyEvaluation evaluation, Instant now) {
    return stores.inTransaction(
        tx -> FindingPlan.of(cluster, tx.findings().of(cluster), evaluation, now).isEmpty());
  }

  private static long outcome(PolicyEvaluation evaluation, ClusterSnapshot snapshot) {
    long hash = snapshot.section(Section.WORKLOADS).state().name().hashCode();
    hash = 31 * hash + snapshot.section(Section.PODS).state().name().hashCode();
    return 31 * hash + evaluation.outcome();
  }

  /**
   * After people said something else: by what the cluster sent last, so that it shows also while
   * the cluster is silent. In the lane.
   */
  void lookAgain(LiveCluster live, Instant now) {
    ClusterState state = live.state();
    Step step = look(live, state, state.content(), new Clocks(now, now));
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
