package cx.niro.server.internal;

import cx.niro.core.ClusterId;
import cx.niro.core.ClusterStatus;
import cx.niro.core.CommandId;
import cx.niro.core.incident.Recollection;
import cx.niro.core.policy.PolicyEvaluation;
import cx.niro.core.protocol.CommandOffer;
import cx.niro.server.spi.SessionRow;
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

  /** What makes the next evaluations cheaper; forgotten when the content is closed. */
  volatile @Nullable Recollection recollection;

  volatile @Nullable PolicyEvaluation policyEvaluation;

  /** What of its content is stored; null when nothing is known of that. */
  StoredContent.@Nullable Chain chain;

  /** Another server wrote about it: what is held is read again before it is used. */
  volatile boolean touchedElsewhere;

  /** Another server stored a newer inventory, and when the newest known one was received. */
  private volatile boolean toldElsewhere;

  private volatile Instant toldAt = Instant.EPOCH;

  /** When its agent was heard last, here and at other servers. */
  private volatile @Nullable Instant heardHere;

  private volatile @Nullable Instant heardElsewhere;
  private volatile long storedVersion;
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
    ClusterState known = state;
    SessionRow session = known.session();
    if (session.version() + 1 == storedVersion) {
      known = known.with(session.inVersion(storedVersion));
    }
    Instant elsewhere = heardElsewhere;
    return elsewhere == null ? known : known.heardElsewhere(elsewhere);
  }

  /** Its session was stored in this version, from the state that is held, or one just before it. */
  void sessionStored(long version) {
    storedVersion = version;
  }

  void heard(Instant now) {
    heardHere = now;
  }

  /** What another server stored, or this one; stored times are a little rounded. */
  void seen(Instant at) {
    Instant here = heardHere;
    if (here == null || at.isAfter(here.plusMillis(1))) {
      heardElsewhere = at;
    }
  }

  /** Whether its agent is at this server, as far as is known. */
  boolean isHeardHere() {
    Instant here = heardHere;
    Instant elsewhere = heardElsewhere;
    return here != null && (elsewhere == null || !elsewhere.isAfter(here));
  }

  void become(ClusterState next) {
    state = next;
  }

  /** It may have been closed in the midst of a step. */
  void forgetEvaluationsOfClosed() {
    ClusterContent content = state.content();
    if (content != null && !content.isOpen()) {
      forgetEvaluations();
    }
  }

  /** They hold on to the objects of the content. */
  void forgetEvaluations() {
    recollection = null;
    policyEvaluation = null;
  }

  CommandPlan.Boot boot() {
    return new CommandPlan.Boot(state.session().bootId(), state.session().supersededAt());
  }

  /** An inventory was received then; true when it is news from another server. */
  boolean told(Instant at) {
    boolean news = at.isAfter(toldAt) && !isHeardHere() && state.loaded();
    if (news) {
      toldAt = at;
      toldElsewhere = true;
    }
    return news;
  }

  /** Whether there is a newer inventory to be read; once. */
  boolean takeTold() {
    boolean told = toldElsewhere;
    toldElsewhere = false;
    return told;
  }

  boolean isStale() {
    return touchedElsewhere || toldElsewhere;
  }

  boolean isDeleted() {
    return deleted;
  }

  void markDeleted() {
    deleted = true;
  }
}
