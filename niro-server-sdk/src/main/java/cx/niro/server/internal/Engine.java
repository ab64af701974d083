package cx.niro.server.internal;

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
import cx.niro.server.spi.ManifestMapper;
import cx.niro.server.spi.Notifier;
import cx.niro.server.spi.Stores;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
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
  private static final Duration RETENTION = Duration.ofHours(1);

  private final ServerOptions options;
  private final Platform platform;
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
  private final @Nullable Relay relay;
  private final LogHub logs;
  private final @Nullable Elsewhere elsewhere;
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
  private final CompletableFuture<Void> drained = new CompletableFuture<>();

  /** What tells incidents and findings, those of manifests too when something reads them. */
  public record Judges(
      DetectionEngine incidents, PolicyEngine policies, @Nullable ManifestMapper manifests) {}

  /** What notifications are sent with. */
  public record Notifying(Map<String, Notifier> byKind, Sealer sealer) {}

  public Engine(
      Stores stores,
      ServerOptions options,
      Platform platform,
      List<ServerListener> listeners,
      Judges judges,
      Notifying notifying,
      @Nullable URI advertiseUrl) {
    this.options = options;
    this.platform = platform;
    work = new Work(platform.executor());
    gate = new Gate(options, platform);
    announcer = new Announcer(listeners, work);
    clusters = new LiveClusters(stores, options, platform, announcer, work);
    writeBehind = new WriteBehind(stores.inventory());
    Alarm alarm = new Alarm();
    ledger = new IncidentLedger(platform, alarm, new FleetSilence(options, platform, clusters));
    sessions = new Sessions(stores, options, platform, clusters, announcer, ledger);
    keys = new AgentKeys(stores, platform);
    PolicyWatch policyWatch = new PolicyWatch(judges.policies(), stores);
    ingest = newIngest(judges, policyWatch);
    DeploymentEnds ends = new DeploymentEnds(new DeploymentIncidents(ledger));
    writer = newWriter(stores, notifying.sealer(), ends);
    polls = new PollDesk(options, platform, clusters, sessions, writer, work);
    relay = stores.isShared() ? new Relay(stores, platform, advertiseUrl) : null;
    logs = new LogHub(platform, clusters, polls, relay);
    elsewhere = stores.isShared() ? new Elsewhere(stores, platform, clusters, polls, writer) : null;
    revocations =
        new RevocationWatch(stores, platform, keys, id -> clusters.ifKnown(id, this::endRevoked));
    Targets targets = Targets.of(judges.incidents(), clusters::organizationOf);
    notifications = newNotifications(stores, notifying, alarm, targets);
    retention = new Retention(stores, options, platform, notifications);
    gateway = newGateway(stores);
    clusterDesk = newClusterDesk(stores);
    fleet = new FleetReader(stores, clusters);
    commands = new CommandDesk(stores, options, platform, clusters, writer, polls);
    ApplySender sender = newSender(stores, notifying.sealer(), ends);
    deployments = newDeploymentDesk(stores, judges, notifying.sealer(), sender);
    DriftWatch drift = new DriftWatch(stores, platform, commands, sender);
    sweeper = new Sweeper(stores, platform, clusters, ingest, writer, polls, drift, work);
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
        keys);
  }

  private Notifications newNotifications(
      Stores stores, Notifying notifying, Alarm alarm, Targets targets) {
    return new Notifications(
        stores, platform, notifying.byKind(), notifying.sealer(), SilenceBook::new, alarm, targets);
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

  private void endRevoked(LiveCluster live) {
    clusters.inLaneAsItIs(live, () -> polls.endRevoked(live, false, keys));
  }

  public void start() {
    gate.begin();
    LOG.info("Niro server starts with {}", options);
    clusters.listening().begin();
    try {
      clusters.readAll();
    } catch (RuntimeException e) {
      gate.beginFailed();
      throw e;
    }
    revocations.begin();
    if (relay != null) {
      relay.renew();
      every(Relay.PERIOD, "the other servers", relay::renew);
    }
    gate.open();
    every(SWEEP, "sweep", this::tick);
    every(SWEEP, "streams", logs::tick);
    every(SWEEP, "notifications", notifications::tick);
    every(FLUSH, "write behind", writeBehind::flush);
    every(RevocationWatch.PERIOD, "reading revoked keys", revocations::read);
    if (elsewhere != null) {
      every(Elsewhere.PERIOD, "what other servers did", elsewhere::read);
    }
    every(FORGOTTEN, "looking for forgotten commands", sweeper::findForgotten);
    every(RETENTION, "retention", retention::clean);
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
    if (!gate.drain()) {
      return CompletableFuture.completedFuture(null);
    }
    List<CompletableFuture<?>> answered = new ArrayList<>();
    for (LiveCluster live : clusters.all()) {
      if (live.parked != null) {
        answered.add(letGoLater(live));
      }
    }
    LOG.info("Niro server drains {} parked polls over {}", answered.size(), options.drainTime());
    var unused =
        CompletableFuture.allOf(answered.toArray(CompletableFuture[]::new))
            .thenRun(() -> drained.complete(null));
    return drained;
  }

  private CompletableFuture<Boolean> letGoLater(LiveCluster live) {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    long delay = (long) (platform.random().nextDouble() * options.drainTime().toMillis());
    Runnable letGo =
        () -> {
          polls.letGo(live, gate.spread());
          done.complete(true);
        };
    var timer =
        platform.scheduler().schedule(() -> work.run("drain", letGo), delay, TimeUnit.MILLISECONDS);
    timers.add(timer);
    return done;
  }

  public void close() {
    if (!gate.close()) {
      return;
    }
    timers.forEach(timer -> timer.cancel(false));
    logs.close();
    if (relay != null) {
      relay.close();
    }
    clusters.all().forEach(live -> polls.letGo(live, gate.spread()));
    drained.complete(null);
    work.guarded("the last write behind", writeBehind::flushLast);
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
