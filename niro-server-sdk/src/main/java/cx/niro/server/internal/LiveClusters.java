package cx.niro.server.internal;

import cx.niro.core.ClusterId;
import cx.niro.core.ClusterStatus;
import cx.niro.core.EnrollAgainException;
import cx.niro.core.ErrorCode;
import cx.niro.core.IncidentId;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.OrganizationId;
import cx.niro.core.RetryLaterException;
import cx.niro.core.StatusVerdict;
import cx.niro.server.ServerOptions;
import cx.niro.server.internal.replica.Leases;
import cx.niro.server.internal.replica.Leases.Duty;
import cx.niro.server.spi.ClusterRow;
import cx.niro.server.spi.IncidentRow;
import cx.niro.server.spi.Stores;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All clusters in memory, and the one way to work on one of them: inside its lane. */
final class LiveClusters {
  private static final int PAGE = 500;
  private static final Duration SOON = Duration.ofSeconds(1);

  /** Where another server is to look. */
  private static final Duration LATER = Duration.ofSeconds(5);

  private final Map<ClusterId, LiveCluster> clusters = new ConcurrentHashMap<>();
  private final Stores stores;
  private final Platform platform;
  private final ServerOptions options;
  private final Announcer announcer;
  private final Work background;
  private final Leases leases;
  private final Listening listening;
  private final DueQueue due;
  private final OpenContents contents;

  LiveClusters(
      Stores stores,
      ServerOptions options,
      Platform platform,
      Announcer announcer,
      Work background,
      Leases leases) {
    this.stores = stores;
    this.leases = leases;
    this.options = options;
    this.platform = platform;
    this.announcer = announcer;
    this.background = background;
    this.listening = new Listening(platform);
    this.due = new DueQueue();
    this.contents = new OpenContents(options.contentCacheBytes());
  }

  Listening listening() {
    return listening;
  }

  OpenContents contents() {
    return contents;
  }

  DueQueue due() {
    return due;
  }

  Collection<LiveCluster> all() {
    return clusters.values();
  }

  /** Reads the list of clusters; their details are read when they are first needed. */
  void readAll() {
    Map<ClusterId, Instant> lastSeen = stores.inventory().lastSeen();
    Instant now = platform.now();
    List<ClusterRow> page = page(null);
    while (!page.isEmpty()) {
      for (ClusterRow row : page) {
        add(row, lastSeen.get(row.id()));
        due.add(row.id(), now.plus(Grace.LEAST.dividedBy(2)));
      }
      page = page(page.get(page.size() - 1).id());
    }
  }

  private List<ClusterRow> page(@Nullable ClusterId after) {
    return stores.inTransaction(tx -> tx.clusters().list(after, PAGE));
  }

  LiveCluster add(ClusterRow row, @Nullable Instant lastSeen) {
    long halfInterval = options.heartbeatInterval().toNanos() / 2;
    long nanos = platform.nanos().getAsLong();
    LiveCluster made =
        new LiveCluster(
            ClusterState.fresh(row, lastSeen),
            () -> new BeatBudget(options.heartbeatBurst(), halfInterval, nanos));
    LiveCluster there = clusters.putIfAbsent(row.id(), made);
    return there == null ? made : there;
  }

  /** In the lane. */
  void remove(LiveCluster live) {
    live.markDeleted();
    PollDesk.endDeleted(live);
    clusters.remove(live.id);
    due.forget(live.id);
    contents.forget(live);
  }

  Optional<LiveCluster> find(ClusterId id) {
    LiveCluster live = clusters.get(id);
    if (live != null) {
      return Optional.of(live);
    }
    return stores.inTransaction(tx -> tx.clusters().find(id)).map(row -> add(row, null));
  }

  Optional<OrganizationId> organizationOf(ClusterId id) {
    return Optional.ofNullable(clusters.get(id)).map(live -> live.state().row().organization());
  }

  /** Without asking the store. */
  @Nullable LiveCluster known(ClusterId id) {
    return clusters.get(id);
  }

  void ifKnown(ClusterId id, Consumer<LiveCluster> action) {
    LiveCluster live = clusters.get(id);
    if (live != null) {
      action.accept(live);
    }
  }

  /** For users: a cluster that is not there is {@code not_found}. */
  LiveCluster get(ClusterId id) {
    return find(id).orElseThrow(() -> notFound(id));
  }

  static InvalidRequestException notFound(ClusterId id) {
    return new InvalidRequestException(ErrorCode.NOT_FOUND, "there is no cluster " + id);
  }

  /** For agents: a cluster that is not there was deleted, and with it the key. */
  LiveCluster ofAgent(ClusterId id) {
    return find(id).orElseThrow(LiveClusters::revoked);
  }

  static EnrollAgainException revoked() {
    return new EnrollAgainException(ErrorCode.KEY_REVOKED, "the key was revoked");
  }

  /** Runs {@code work} in the cluster's lane, with its details loaded; throws when it is gone. */
  <T> T inLane(LiveCluster live, Supplier<T> work) {
    try {
      return live.lane.call(() -> settled(live, work));
    } finally {
      afterLane(live);
    }
  }

  /** The same for what needs no details and changes no status. */
  void inLaneAsItIs(LiveCluster live, Runnable work) {
    try {
      live.lane.run(work);
    } finally {
      afterLane(live);
    }
  }

  /**
   * What calls guests waits until the lane is left, or a guest that calls back would wait for ever.
   */
  private void afterLane(LiveCluster live) {
    announcer.flush(live);
    Runnable next = live.afterLane.poll();
    while (next != null) {
      background.run("answers", next);
      next = live.afterLane.poll();
    }
  }

  /** The same for users, to whom a cluster that is gone is not found. */
  <T> T inLaneForUser(LiveCluster live, Supplier<T> work) {
    if (live.isDeleted()) {
      throw notFound(live.id);
    }
    try {
      return inLane(live, work);
    } catch (EnrollAgainException e) {
      throw notFound(live.id);
    }
  }

  private <T> T settled(LiveCluster live, Supplier<T> work) {
    if (live.isDeleted()) {
      throw revoked();
    }
    load(live);
    try {
      return work.get();
    } finally {
      settle(live);
    }
  }

  private void load(LiveCluster live) {
    if (!live.state().loaded() || live.touchedElsewhere) {
      reload(live);
    }
    if (live.takeTold()) {
      live.policyBasis = null;
      withInventory(live, live.state());
    }
  }

  /** Its agent was heard then, here or elsewhere. */
  void seenElsewhere(ClusterId id, Instant at) {
    ifKnown(id, live -> live.seen(at));
  }

  /** An inventory that was received then is stored, by this server or another one. */
  void toldElsewhere(ClusterId id, Instant at) {
    LiveCluster live = clusters.get(id);
    if (live != null && live.told(at)) {
      announcer.announce(live, listener -> listener.contentChanged(id));
      announcer.flush(live);
    }
  }

  /** Another server wrote about it, made it or deleted it: it is looked at anew, and soon. */
  void touchedElsewhere(ClusterId id) {
    LiveCluster live = find(id).orElse(null);
    if (live != null) {
      live.touchedElsewhere = true;
      due.add(id, platform.now());
    }
  }

  /** Reads again what is durable; another replica may have written it. In the lane. */
  void reload(LiveCluster live) {
    live.touchedElsewhere = false;
    boolean first = !live.state().loaded();
    StoredCluster stored;
    try {
      stored = StoredCluster.read(stores, live, first);
    } catch (RuntimeException e) {
      live.touchedElsewhere = true;
      throw e;
    }
    ClusterRow row = stored.row();
    if (row == null) {
      announcer.announce(live, listener -> listener.clusterDeleted(live.id));
      remove(live);
      throw revoked();
    }
    ClusterState before = live.state();
    ClusterState next = stored.over(before, row);
    if (first) {
      withInventory(live, next); // in one step, so that nobody takes it for one without content
    } else {
      live.become(next);
    }
    live.commandsDueAt = CommandPlan.nextDue(stored.commands(), live.boot(), platform.now());
    if (first) {
      startShowing(live, stored.lastResolved());
    } else {
      announceIncidents(live, before.incidents(), stored);
    }
  }

  private void withInventory(LiveCluster live, ClusterState state) {
    ClusterState read = StoredCluster.withInventory(stores, live, state);
    live.become(read);
    ClusterContent content = read.content();
    if (content != null && content != state.content()) {
      contents.add(live, content);
    }
  }

  private void announceIncidents(LiveCluster live, List<IncidentRow> before, StoredCluster stored) {
    Set<IncidentId> known = StoredCluster.ids(before);
    stored.incidents().stream()
        .filter(row -> !known.contains(row.id()))
        .forEach(row -> announcer.announce(live, listener -> listener.incidentOpened(row)));
    stored
        .resolved()
        .forEach(row -> announcer.announce(live, listener -> listener.incidentResolved(row)));
  }

  /** Healthy since its newest trouble ended, or since it was enrolled. */
  private void startShowing(LiveCluster live, @Nullable Instant lastResolved) {
    StatusVerdict verdict = verdict(live);
    live.shownStatus = verdict.status();
    if (verdict.status() == ClusterStatus.HEALTHY) {
      Instant since =
          Stream.of(lastResolved, live.state().row().enrolledAt())
              .flatMap(Stream::ofNullable)
              .max(Instant::compareTo)
              .orElseGet(platform::now);
      live.become(live.state().healthySince(since));
    }
  }

  StatusVerdict verdict(LiveCluster live) {
    return live.state().verdict(options, listening.since(), listening.upTo());
  }

  /** Whether its agent is there, as far as is known. */
  boolean isHeard(LiveCluster live) {
    ClusterStatus status = verdict(live).status();
    return status != ClusterStatus.UNKNOWN
        && status != ClusterStatus.OFFLINE
        && status != ClusterStatus.PENDING;
  }

  /** After each step: tells a changed status and queues the next look. */
  private void settle(LiveCluster live) {
    if (live.isDeleted()) {
      return;
    }
    ClusterState state = live.state();
    live.forgetEvaluationsOfClosed();
    live.drift.see(state.info(), state.hearing().lastBeatAt(), platform.now());
    StatusVerdict verdict = verdict(live);
    ClusterStatus before = live.shownStatus;
    if (verdict.status() == ClusterStatus.HEALTHY && live.state().healthySince() == null) {
      live.become(live.state().healthySince(platform.now()));
    } else if (verdict.status() != ClusterStatus.HEALTHY) {
      live.become(live.state().healthySince(null));
    }
    if (verdict.status() != before) {
      live.shownStatus = verdict.status();
      announcer.announce(
          live, listener -> listener.statusChanged(live.id, before, verdict.status()));
    }
    Stream.of(
            verdict.recheckAt(),
            live.state().session().recheckAt(),
            live.commandsDueAt,
            live.drift.dueAt())
        .flatMap(Stream::ofNullable)
        .min(Instant::compareTo)
        .ifPresent(at -> due.add(live.id, atLeastSoon(live, at)));
  }

  private Instant atLeastSoon(LiveCluster live, Instant at) {
    Instant soon = platform.now().plus(minds(live) ? SOON : LATER);
    return at.isBefore(soon) ? soon : at;
  }

  /**
   * Whether this is the server that looks after its commands: its agent is here, or it is nobody's.
   */
  boolean minds(LiveCluster live) {
    return leases.isAlive() && (isHere(live) || leases.holds(Duty.SILENCE));
  }

  /**
   * For work that time brought about, after its first write: a process that was stopped in the
   * midst of it does not go on with what another server does by now.
   *
   * @throws RetryLaterException when this server is none of those that live
   */
  void requireAlive() {
    if (!leases.isAlive()) {
      throw new RetryLaterException(
          ErrorCode.OVERLOADED, "this server lost its leases; others do its work");
    }
  }

  /** Whether its agent talks to this server. */
  boolean isHere(LiveCluster live) {
    return !leases.isShared() || live.isHeardHere();
  }

  /**
   * Whether this is the server that judges what time does to it: its agent is here; or nobody heard
   * it for half of what makes it unknown, which is two beats, so that no other one may be alive.
   */
  boolean judges(LiveCluster live) {
    ClusterState state = live.state();
    Instant sign = state.lastSign();
    boolean left =
        sign == null
            || !sign.plus(state.unknownAfter(options).dividedBy(2)).isAfter(listening.upTo());
    return leases.isAlive() && (isHere(live) || (left && leases.holds(Duty.SILENCE)));
  }
}
