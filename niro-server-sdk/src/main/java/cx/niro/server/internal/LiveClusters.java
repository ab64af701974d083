package cx.niro.server.internal;

import cx.niro.core.ClusterId;
import cx.niro.core.ClusterStatus;
import cx.niro.core.EnrollAgainException;
import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.OrganizationId;
import cx.niro.core.StatusVerdict;
import cx.niro.core.protocol.DecodingException;
import cx.niro.server.ServerOptions;
import cx.niro.server.spi.ClusterRow;
import cx.niro.server.spi.CommandRow;
import cx.niro.server.spi.IncidentRow;
import cx.niro.server.spi.InventoryRow;
import cx.niro.server.spi.Page;
import cx.niro.server.spi.PolicySettings;
import cx.niro.server.spi.SessionRow;
import cx.niro.server.spi.StoreTx;
import cx.niro.server.spi.Stores;
import cx.niro.server.spi.TimelineEntry;
import java.io.UncheckedIOException;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All clusters in memory, and the one way to work on one of them: inside its lane. */
final class LiveClusters {
  private static final Logger LOG = LoggerFactory.getLogger(LiveClusters.class);
  private static final int PAGE = 500;

  private final Map<ClusterId, LiveCluster> clusters = new ConcurrentHashMap<>();
  private final Stores stores;
  private final Platform platform;
  private final ServerOptions options;
  private final Announcer announcer;
  private final Work background;
  private final Listening listening;
  private final DueQueue due;

  LiveClusters(
      Stores stores,
      ServerOptions options,
      Platform platform,
      Announcer announcer,
      Work background) {
    this.stores = stores;
    this.options = options;
    this.platform = platform;
    this.announcer = announcer;
    this.background = background;
    this.listening = new Listening(platform);
    this.due = new DueQueue();
  }

  Listening listening() {
    return listening;
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
    if (!live.state().loaded()) {
      reload(live);
    }
  }

  private record Stored(
      @Nullable ClusterRow row,
      @Nullable SessionRow session,
      List<IncidentRow> incidents,
      List<CommandRow> commands,
      HeldPolicies policies,
      @Nullable Instant lastResolved) {}

  /** Reads again what is durable; another replica may have written it. In the lane. */
  void reload(LiveCluster live) {
    boolean first = !live.state().loaded();
    Stored stored =
        stores.inTransaction(
            tx ->
                new Stored(
                    tx.clusters().find(live.id).orElse(null),
                    tx.sessions().find(live.id).orElse(null),
                    tx.incidents().openOf(live.id),
                    tx.commands().open(live.id),
                    policies(tx, live.id),
                    first ? lastResolved(tx, live.id) : null));
    ClusterRow row = stored.row();
    if (row == null) {
      remove(live);
      throw revoked();
    }
    ClusterState next =
        live.state().with(row).with(stored.incidents()).with(stored.policies()).asLoaded();
    SessionRow session = stored.session();
    if (session != null) {
      Hearing heard = next.hearing();
      boolean same = session.bootGeneration() == next.session().bootGeneration();
      long sequence = same ? Math.max(heard.sequence(), session.sequence()) : session.sequence();
      next = next.with(session).with(heard.renewed(sequence));
    }
    live.become(first ? withInventory(live, next) : next);
    live.commandsDueAt = CommandPlan.nextDue(stored.commands(), live.boot(), platform.now());
    if (first) {
      startShowing(live, stored.lastResolved());
    }
  }

  private static HeldPolicies policies(StoreTx tx, ClusterId id) {
    return new HeldPolicies(
        tx.findings().settings(id).orElse(PolicySettings.DEFAULT), tx.findings().openCounts(id));
  }

  private static @Nullable Instant lastResolved(StoreTx tx, ClusterId id) {
    Page.Request newest = new Page.Request(null, 1);
    return tx.timeline().list(id, Set.of("incident_resolved"), newest).items().stream()
        .map(TimelineEntry::at)
        .findFirst()
        .orElse(null);
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

  private ClusterState withInventory(LiveCluster live, ClusterState state) {
    Optional<InventoryRow> stored = stores.inventory().find(live.id);
    if (stored.isEmpty()) {
      return state;
    }
    try {
      StoredContent read = StoredContent.read(stored.get(), stores.inventory().deltas(live.id));
      live.chain = read.chain();
      return state.with(read.content(), state.usage());
    } catch (DecodingException | UncheckedIOException e) {
      LOG.warn(
          "the stored inventory of cluster {} cannot be read; its agent sends it anew", live.id, e);
      return state;
    }
  }

  StatusVerdict verdict(LiveCluster live) {
    return live.state().verdict(options, listening.since(), platform.now());
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
    live.drift.see(state.snapshot().info(), state.hearing().lastBeatAt(), platform.now());
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
        .ifPresent(at -> due.add(live.id, atLeastSoon(at)));
  }

  private Instant atLeastSoon(Instant at) {
    Instant soon = platform.now().plusSeconds(1);
    return at.isBefore(soon) ? soon : at;
  }
}
