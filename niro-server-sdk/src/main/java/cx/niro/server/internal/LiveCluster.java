package cx.niro.server.internal;

import cx.niro.core.ClusterId;
import cx.niro.core.ClusterStatus;
import cx.niro.core.CommandId;
import cx.niro.core.incident.Recollection;
import cx.niro.core.protocol.CommandOffer;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One cluster in memory. Its state is replaced only inside its lane and may be read from any
 * thread; what is not volatile is touched inside the lane only.
 */
final class LiveCluster {
  final ClusterId id;
  final Lane lane = new Lane();
  final BeatBudget budget;

  /** First sights of agent processes; of its own, so that a rollout never waits behind beats. */
  final BeatBudget boots;

  /** Goodbyes of processes that are not current. */
  final BeatBudget goodbyes;

  final LineBudget lines = new LineBudget();
  final Queue<Runnable> afterLane = new ConcurrentLinkedQueue<>();
  final Announcer.Backlog backlog = new Announcer.Backlog();
  final Map<CommandId, Instant> cancelsTold = new HashMap<>();
  final Queue<Supplier<@Nullable CommandOffer>> transients = new ArrayDeque<>();
  final AtomicBoolean wakePending = new AtomicBoolean();

  /** Changed in the lane; whether there is one is asked outside of it too. */
  volatile @Nullable ParkedPoll parked;

  ClusterStatus shownStatus = ClusterStatus.PENDING;
  @Nullable Instant commandsDueAt;
  boolean incidentsUnread;
  final DriftSight drift = new DriftSight();
  PolicyWatch.@Nullable Basis policyBasis;
  @Nullable Recollection recollection;

  /** What of its content is stored; null when nothing is known of that. */
  StoredContent.@Nullable Chain chain;

  private volatile ClusterState state;
  private volatile boolean deleted;

  LiveCluster(ClusterState state, Supplier<BeatBudget> budgets) {
    this.id = state.row().id();
    this.state = state;
    this.budget = budgets.get();
    this.boots = budgets.get();
    this.goodbyes = budgets.get();
  }

  ClusterState state() {
    return state;
  }

  void become(ClusterState next) {
    state = next;
  }

  CommandPlan.Boot boot() {
    return new CommandPlan.Boot(state.session().bootId(), state.session().supersededAt());
  }

  boolean isDeleted() {
    return deleted;
  }

  void markDeleted() {
    deleted = true;
  }
}
