package cx.niro.server.internal;

import cx.niro.core.ClusterId;
import cx.niro.core.incident.DetectionEngine;
import cx.niro.core.policy.PolicyEngine;
import cx.niro.server.AgentGateway;
import cx.niro.server.Audit;
import cx.niro.server.Channels;
import cx.niro.server.Clusters;
import cx.niro.server.Commands;
import cx.niro.server.Deployments;
import cx.niro.server.Fleet;
import cx.niro.server.Incidents;
import cx.niro.server.Logs;
import cx.niro.server.Metric;
import cx.niro.server.Policies;
import cx.niro.server.ReplicaGateway;
import cx.niro.server.ServerListener;
import cx.niro.server.ServerOptions;
import cx.niro.server.Silences;
import cx.niro.server.internal.managed.ManifestPolicies;
import cx.niro.server.internal.managed.Manifests;
import cx.niro.server.internal.managed.Payloads;
import cx.niro.server.internal.managed.SecretValues;
import cx.niro.server.internal.outbox.Alarm;
import cx.niro.server.internal.outbox.Notifications;
import cx.niro.server.internal.outbox.Sealer;
import cx.niro.server.internal.outbox.Targets;
import cx.niro.server.internal.relay.Relay;
import cx.niro.server.internal.replica.Leases;
import cx.niro.server.internal.replica.Leases.Duty;
import cx.niro.server.spi.ClusterSignals;
import cx.niro.server.spi.ManifestMapper;
import cx.niro.server.spi.Notifier;
import cx.niro.server.spi.Stores;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the parts of a server together, starts them and ends them. */
public final class Engine {
  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
  private static final Duration SWEEP = Duration.ofSeconds(1);
  private static final Duration FLUSH = Duration.ofMillis(500);
  private static final Duration FORGOTTEN = Duration.ofSeconds(30);
  private static final Duration FORGOTTEN_ELSEWHERE = Duration.ofSeconds(4);
  private static final Duration RETENTION = Duration.ofHours(1);

  private final ServerOptions options;
  private final Platform platform;
  private final Alarm alarm = new Alarm();
  private final Work work;
  private final Gate gate;
  private final Announcer announcer;
  private final LiveClusters clusters;
  private final WriteBehind writeBehind;
  private final IncidentLedger ledger;
  private final Sessions sessions;
  private final AgentKeys keys;
  private final Ingest ingest;
  private final CommandWriter writer;
  private final RevocationWatch revocations;
  private final Sweeper sweeper;
  private final Retention retention;
  private final Notifications notifications;
  private final PollDesk polls;
  private final Draining draining;
  private final @Nullable Relay relay;
  private final LogHub logs;
  private final Sharing sharing;
  private final Replicas replicas;
  private final Elsewhere elsewhere;
  private final AgentGateway gateway;
  private final Clusters clusterDesk;
  private final Fleet fleet;
  private final CommandDesk commands;
  private final Deployments deployments;
  private final Incidents incidents;
  private final Policies policies;
  private final Silences silences;
  private final Figures figures;
  private final Audit audit;
  private final List<Future<?>> timers = new CopyOnWriteArrayList<>();

  /** What tells incidents and findings, those of manifests too when something reads them. */
  public record Judges(
      DetectionEngine incidents, PolicyEngine policies, @Nullable ManifestMapper manifests) {}

  /** What notifications are sent with. */
  public record Notifying(Map<String, Notifier> byKind, Sealer sealer) {}

  /** Where data is, and how others are told of it. */
  public record Shared(Stores stores, ClusterSignals signals) {}

  public Engine(
      Shared shared,
      ServerOptions options,
      Platform platform,
      List<ServerListener> listeners,
      Judges judges,
      Notifying notifying,
      @Nullable URI advertiseUrl) {
    this.options = options;
    this.platform = platform;
    work = new Work(platform.executor());
    sharing = Sharing.of(shared.stores(), shared.signals(), platform, work);
    Stores stores = sharing.stores();
    gate = new Gate(options, platform);
    announcer = new Announcer(listeners, work);
    clusters = new LiveClusters(stores, options, platform, announcer, work, sharing.leases());
    writeBehind = new WriteBehind(stores.inventory(), platform.clock());
    ledger = new IncidentLedger(platform, alarm, new FleetSilence(options, platform, clusters));
    sessions = new Sessions(stores, options, platform, clusters, announcer, ledger);
    keys = new AgentKeys(stores, platform);
    PolicyWatch policyWatch = new PolicyWatch(judges.policies(), stores);
    ingest = newIngest(judges, policyWatch);
    DeploymentEnds ends = new DeploymentEnds(new DeploymentIncidents(ledger));
    writer = newWriter(stores, notifying.sealer(), ends);
    polls = new PollDesk(options, platform, clusters, sessions, writer, work);
    draining = new Draining(platform, gate, polls, work);
    relay = stores.isShared() ? new Relay(stores, platform, advertiseUrl) : null;
    logs = new LogHub(platform, clusters, polls, relay);
    revocations = new RevocationWatch(stores, platform, keys, this::endRevoked);
    Targets targets = Targets.of(judges.incidents(), clusters::organizationOf);
    notifications = newNotifications(stores, notifying, targets);
    retention = new Retention(stores, options, platform, notifications);
    elsewhere = new Elsewhere(sharing, platform, clusters, polls, writer, notifications::wake);
    replicas = new Replicas(sharing, platform, clusters, writeBehind);
    gateway = newGateway(stores);
    clusterDesk = newClusterDesk(stores);
    fleet = new FleetReader(stores, clusters);
    commands = new CommandDesk(stores, options, platform, clusters, writer, polls);
    ApplySender sender = newSender(stores, notifying.sealer(), ends);
    deployments = newDeploymentDesk(stores, judges, notifying.sealer(), sender);
    sweeper = newSweeper(stores, sender);
    incidents = new IncidentDesk(stores, platform, clusters, alarm);
    policies = new PolicyDesk(stores, platform, clusters, policyWatch);
    silences = new SilenceDesk(stores, platform, clusters, alarm, targets);
    figures = new Figures(clusters, announcer);
    audit = new AuditDesk(stores, platform);
  }

  private ApplySender newSender(Stores stores, Sealer sealer, DeploymentEnds ends) {
    ApplySender.Shared shared = new ApplySender.Shared(platform, new Manifests(sealer), ends);
    return new ApplySender(stores, commands, writer, shared);
  }

  private Sweeper newSweeper(Stores stores, ApplySender sender) {
    DriftWatch drift = new DriftWatch(stores, platform, commands, sender);
    return new Sweeper(stores, platform, clusters, ingest, writer, polls, drift, work);
  }

  private CommandWriter newWriter(Stores stores, Sealer sealer, DeploymentEnds ends) {
    CommandWriter.Parts parts = new CommandWriter.Parts(new Payloads(sealer), ends);
    return new CommandWriter(stores, platform, announcer, parts);
  }

  private Ingest newIngest(Judges judges, PolicyWatch policyWatch) {
    return new Ingest(
        options,
        platform,
        sessions,
        new Detection(judges.incidents(), options, clusters.listening()),
        policyWatch,
        writeBehind,
        announcer,
        keys,
        clusters.contents());
  }

  private Notifications newNotifications(Stores stores, Notifying notifying, Targets targets) {
    return new Notifications(
        stores,
        platform,
        notifying.byKind(),
        notifying.sealer(),
        SilenceBook::new,
        alarm,
        targets,
        sharing.leases());
  }

  private DeploymentDesk newDeploymentDesk(
      Stores stores, Judges judges, Sealer sealer, ApplySender sender) {
    Manifests manifests = new Manifests(sealer);
    return new DeploymentDesk(
        stores,
        platform,
        clusters,
        sender,
        new DeploymentDesk.Parts(
            manifests,
            new SecretValues(sealer),
            new ManifestPolicies(judges.policies(), judges.manifests())));
  }

  private Gateway newGateway(Stores stores) {
    return new Gateway(
        platform,
        gate,
        clusters,
        keys,
        revocations,
        new Enrollment(stores, options, platform, clusters, sessions, ledger),
        new Candidates(stores, platform),
        ingest,
        polls,
        new ResultDesk(stores, platform, writer),
        logs);
  }

  private ClusterDesk newClusterDesk(Stores stores) {
    return new ClusterDesk(
        stores,
        options,
        platform,
        clusters,
        sessions,
        ledger,
        writer,
        polls,
        keys,
        writeBehind,
        announcer);
  }

  private void endRevoked(ClusterId id) {
    clusters.ifKnown(
        id, live -> clusters.inLaneAsItIs(live, () -> polls.endRevoked(live, false, keys)));
  }

  public void start() {
    gate.begin();
    LOG.info("Niro server starts with {}", options);
    try {
      readFirst();
    } catch (RuntimeException e) {
      gate.beginFailed();
      throw e;
    }
    if (relay != null) {
      relay.renew();
      every(Relay.PERIOD, "the other servers", relay::renew);
    }
    gate.open();
    every(SWEEP, "sweep", this::tick);
    every(SWEEP, "streams", logs::tick);
    every(SWEEP, "notifications", notifications::tick);
    every(FLUSH, "write behind", writeBehind::flush);
    every(FLUSH, "what detection remembers", sessions::flush);
    every(RevocationWatch.PERIOD, "reading revoked keys", revocations::read);
    every(RETENTION, "retention", () -> ifOurs(Duty.RETENTION, retention::clean));
    Duration forgotten = sharing.leases().isShared() ? FORGOTTEN_ELSEWHERE : FORGOTTEN;
    every(forgotten, "forgotten commands", () -> ifOurs(Duty.SILENCE, sweeper::findForgotten));
    if (sharing.leases().isShared()) {
      every(Elsewhere.PERIOD, "what other servers did", elsewhere::read);
      every(Leases.PERIOD, "keeping leases", replicas::renew);
      Runnable look = () -> whileRunning(elsewhere::readNewest);
      replicas.listen(new Nudge(platform, work, "what others just did", look));
    }
  }

  /** All that must be known before the first agent is heard. */
  private void readFirst() {
    replicas.begin();
    clusters.listening().begin();
    elsewhere.begin();
    clusters.readAll();
    if (sharing.leases().isShared()) {
      replicas.renew();
    }
    revocations.begin();
  }

  private void ifOurs(Duty duty, Runnable task) {
    if (sharing.leases().holds(duty)) {
      task.run();
    }
  }

  private void tick() {
    clusters.listening().tick();
    sweeper.sweep();
  }

  /** Timers only hand on: the work itself blocks and belongs on the executor. */
  private void every(Duration period, String what, Runnable task) {
    long nanos = period.toNanos();
    Runnable handOn = new Ticks(work, what, () -> whileRunning(task));
    timers.add(
        platform.scheduler().scheduleWithFixedDelay(handOn, nanos, nanos, TimeUnit.NANOSECONDS));
  }

  private void whileRunning(Runnable task) {
    if (gate.isRunning()) {
      task.run();
    }
  }

  public CompletionStage<Void> drain() {
    return gate.drain()
        ? draining.begin(clusters.all(), options.drainTime())
        : CompletableFuture.completedFuture(null);
  }

  public void close() {
    if (!gate.close()) {
      return;
    }
    timers.forEach(timer -> timer.cancel(false));
    work.guarded("the end of listening", replicas::stopListening);
    logs.close();
    if (relay != null) {
      relay.close();
    }
    draining.end(clusters.all());
    work.guarded("what detection remembers", sessions::flush);
    work.guarded("the last write behind", writeBehind::flushLast);
    work.guarded("leaving work to others", sharing.leases()::release);
    announcer.close();
    notifications.close();
    platform.owned().run();
    LOG.info("Niro server is closed");
  }

  /** Whether the store could be read lately; without it agents are refused anyway. */
  public boolean hasSight() {
    return revocations.hasSight();
  }

  public List<Metric> metrics() {
    return Stream.of(figures.read(), notifications.metrics()).flatMap(List::stream).toList();
  }

  /** Hears what happens for {@link #metrics}. */
  public ServerListener counter() {
    return figures;
  }

  public AgentGateway gateway() {
    return gateway;
  }

  public ReplicaGateway replicas() {
    return new ReplicaDesk(gate, relay, logs);
  }

  public Clusters clusters() {
    return clusterDesk;
  }

  public Fleet fleet() {
    return fleet;
  }

  public Commands commands() {
    return commands;
  }

  public Logs logs() {
    return logs;
  }

  public Deployments deployments() {
    return deployments;
  }

  public Channels channels() {
    return notifications.channels();
  }

  public Policies policies() {
    return policies;
  }

  public Silences silences() {
    return silences;
  }

  public Audit audit() {
    return audit;
  }

  public Incidents incidents() {
    return incidents;
  }
}
