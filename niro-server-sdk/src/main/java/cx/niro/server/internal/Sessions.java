package cx.niro.server.internal;

import cx.niro.core.BootId;
import cx.niro.core.ClusterId;
import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.RetryLaterException;
import cx.niro.core.Severity;
import cx.niro.core.incident.IncidentTransition;
import cx.niro.server.ServerOptions;
import cx.niro.server.spi.IncidentRow;
import cx.niro.server.spi.Page;
import cx.niro.server.spi.SessionRow;
import cx.niro.server.spi.StoreTx;
import cx.niro.server.spi.Stores;
import cx.niro.server.spi.TimelineEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Which agent process is current, and the one transaction that a step of a session is. */
final class Sessions {
  /** A superseded process that still calls after this long is a second agent. */
  private static final Duration HAND_OVER = Duration.ofMinutes(2);

  private static final int TRIES = 3;

  private final Stores stores;
  private final ServerOptions options;
  private final Platform platform;
  private final LiveClusters clusters;
  private final Announcer announcer;
  private final IncidentLedger ledger;
  private final UnsavedSessions unsaved;

  Sessions(
      Stores stores,
      ServerOptions options,
      Platform platform,
      LiveClusters clusters,
      Announcer announcer,
      IncidentLedger ledger) {
    this.stores = stores;
    this.options = options;
    this.platform = platform;
    this.clusters = clusters;
    this.announcer = announcer;
    this.ledger = ledger;
    this.unsaved = new UnsavedSessions(stores);
  }

  /** The stored session moved on under us. */
  private static final class Collision extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Collision() {
      super("the stored session is newer", null, false, false);
    }
  }

  /** Runs {@code step} in the lane, again with fresh state when another replica was faster. */
  <T> T retrying(LiveCluster live, Supplier<T> step) {
    for (int i = 0; i < TRIES; i++) {
      try {
        return step.get();
      } catch (Collision e) {
        clusters.reload(live);
      }
    }
    throw new RetryLaterException(
        ErrorCode.OVERLOADED, "other replicas keep changing cluster " + live.id);
  }

  /**
   * The session with this process as the current one: the same instance when it is so already.
   *
   * @param sentAt when its beat was sent, by the cluster's clock; null for what is no beat
   * @throws InvalidRequestException {@code boot_superseded} for a process seen before the current
   */
  SessionRow withBoot(LiveCluster live, BootId bootId, @Nullable Long sentAt, Instant now) {
    SessionRow session = live.state().session();
    if (bootId.equals(session.bootId())) {
      return session;
    }
    if (isSuperseded(live, bootId) && !isCurrentSilent(live)) {
      noteRival(live, sentAt, now);
      throw supersededBy(session, bootId);
    }
    return new SessionRow(
        live.id,
        bootId,
        session.bootGeneration() + 1,
        0,
        session.bootId() == null ? null : now,
        null,
        null,
        session.detectionState(),
        session.recheckAt(),
        session.version());
  }

  /**
   * The process that took over went away, perhaps after one beat: whoever still calls may have its
   * place, before the cluster counts as offline. Not before the server itself listened for long
   * enough.
   */
  private boolean isCurrentSilent(LiveCluster live) {
    ClusterState state = live.state();
    Duration window = state.unknownAfter(options);
    Instant since = Grace.silentSince(state.lastSign(), clusters.listening().since(), window);
    Instant upTo = clusters.listening().upTo();
    return state.session().goodbyeAt() != null || !since.plus(window).isAfter(upTo);
  }

  boolean isSuperseded(LiveCluster live, BootId bootId) {
    return !bootId.equals(live.state().session().bootId())
        && stores.inTransaction(tx -> wasSeen(tx, live, bootId));
  }

  /** One that became current at another server just now is not superseded. */
  private static boolean wasSeen(StoreTx tx, LiveCluster live, BootId bootId) {
    boolean seen = tx.sessions().generation(live.id, bootId).isPresent();
    if (seen
        && tx.sessions().find(live.id).map(SessionRow::bootId).filter(bootId::equals).isPresent()) {
      throw new Collision();
    }
    return seen;
  }

  /** Two agents live, unless the current one fell silent: then this one is about to follow it. */
  private void noteRival(LiveCluster live, @Nullable Long sentAt, Instant now) {
    ClusterState state = live.state();
    Instant since = state.session().supersededAt();
    Instant last = state.hearing().lastBeatAt();
    boolean handedOver = since != null && !since.plus(HAND_OVER).isAfter(now);
    boolean lives = last != null && last.plus(state.unknownAfter(options)).isAfter(now);
    if (sentAt != null && handedOver && lives) {
      Hearing heard = state.hearing();
      live.become(state.with(heard.with(heard.rivals().outlived(sentAt, HAND_OVER, now))));
    }
  }

  static InvalidRequestException supersededBy(SessionRow session, BootId bootId) {
    return new InvalidRequestException(
        ErrorCode.BOOT_SUPERSEDED,
        "boot " + bootId + " was superseded by a newer agent process, " + session.bootId());
  }

  /** What one step writes. */
  record Step(
      SessionRow next,
      List<IncidentTransition> transitions,
      List<TimelineEntry> entries,
      PolicyWatch.@Nullable Step policies,
      boolean byTime) {
    Step(
        SessionRow next,
        List<IncidentTransition> transitions,
        List<TimelineEntry> entries,
        PolicyWatch.@Nullable Step policies) {
      this(next, transitions, entries, policies, false);
    }

    Step(SessionRow next, List<IncidentTransition> transitions, List<TimelineEntry> entries) {
      this(next, transitions, entries, null);
    }

    /** What only time brought about. */
    static Step byTime(SessionRow next, List<IncidentTransition> transitions) {
      return new Step(next, transitions, List.of(), null, true);
    }
  }

  private record Written(
      @Nullable SessionRow saved,
      IncidentLedger.Changes changes,
      @Nullable List<IncidentRow> open,
      @Nullable Map<Severity, Integer> findings) {}

  /** Writes the step in one transaction and takes it over into memory; in the lane. */
  void save(LiveCluster live, Step step) {
    Written written = stores.inTransaction(tx -> write(tx, live, step));
    SessionRow saved = written.saved();
    if (saved == null) {
      throw new Collision();
    }
    unsaved.remove(live);
    ClusterState state = live.state().with(saved);
    List<IncidentRow> open = written.open();
    live.become(open == null ? state : state.with(open));
    Map<Severity, Integer> findings = written.findings();
    if (step.policies() != null && findings != null) {
      live.policyBasis = step.policies().basis();
      live.become(live.state().with(live.state().policies().with(findings)));
    }
    announce(live, written.changes());
  }

  /** Takes over what detection remembers, and lets the store have it within a second or so. */
  void saveSoon(LiveCluster live, SessionRow next) {
    live.become(live.state().with(next));
    unsaved.add(live);
  }

  /** Blocks. */
  void flush() {
    unsaved.flush();
  }

  /** The version is asked for here: it may have been raised while this waited for its turn. */
  private Written write(StoreTx tx, LiveCluster live, Step step) {
    SessionRow next = step.next().inVersion(live.state().session().version() + 1);
    if (!tx.sessions().save(next)) {
      return new Written(null, IncidentLedger.Changes.none(), null, null);
    }
    if (step.byTime()) {
      clusters.requireAlive();
    }
    IncidentLedger.Changes changes = ledger.write(tx, next.cluster(), step.transitions());
    step.entries().forEach(tx.timeline()::append);
    boolean touched = !step.transitions().isEmpty();
    PolicyWatch.Step policies = step.policies();
    return new Written(
        next,
        changes,
        touched ? tx.incidents().openOf(next.cluster()) : null,
        policies == null ? null : PolicyWatch.write(tx, next.cluster(), policies));
  }

  void announce(LiveCluster live, IncidentLedger.Changes changes) {
    changes
        .opened()
        .forEach(row -> announcer.announce(live, listener -> listener.incidentOpened(row)));
    changes
        .resolved()
        .forEach(row -> announcer.announce(live, listener -> listener.incidentResolved(row)));
  }

  /** The newest lines about changed content. */
  List<TimelineEntry> newestLines(ClusterId cluster) {
    Page.Request newest = new Page.Request(null, LineBudget.BURST);
    return stores
        .inTransaction(tx -> tx.timeline().list(cluster, ContentChanges.KINDS, newest))
        .items();
  }

  /** First sight of a process by something else than a beat; in the lane. */
  void see(LiveCluster live, BootId bootId) {
    if (bootId.equals(live.state().session().bootId())) {
      return;
    }
    Instant now = platform.now();
    SessionRow next = withBoot(live, bootId, null, now);
    save(live, new Step(next, List.of(), restartEntry(live, next, now)));
    live.become(live.state().with(live.state().hearing().renewed(0)));
  }

  static List<TimelineEntry> restartEntry(LiveCluster live, SessionRow next, Instant now) {
    return live.state().session().bootId() == null
        ? List.of()
        : List.of(Entries.agentRestarted(live.id, now, next.bootGeneration()));
  }
}
