package cx.niro.agent.kubernetes;

import cx.niro.agent.internal.SystemTime;
import cx.niro.agent.spi.CommandHandler;
import cx.niro.agent.spi.InventorySource;
import cx.niro.agent.spi.LogSource;
import cx.niro.agent.spi.Observation;
import cx.niro.core.protocol.Protocol;
import cx.niro.core.snapshot.Autoscaler;
import cx.niro.core.snapshot.Capabilities;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Inventory;
import cx.niro.core.snapshot.Node;
import cx.niro.core.snapshot.PersistentVolumeClaim;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.Resource;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.SectionStatus;
import cx.niro.core.snapshot.ServiceAccount;
import cx.niro.core.snapshot.WarningEvent;
import cx.niro.core.snapshot.Workload;
import io.kubernetes.client.openapi.ApiClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a Kubernetes cluster holds, kept up to date by watches: collecting reads memory only, so the
 * API server does not feel the heartbeat. Kinds that the grants leave out are not asked for.
 *
 * <p>It calls the API server from threads of its own, one for each kind, from the first {@link
 * #collect} until {@link #close}. The first collect waits up to {@link #FIRST_LIST} for the lists.
 */
public final class KubernetesInventory implements InventorySource {
  private static final Logger log = LoggerFactory.getLogger(KubernetesInventory.class);

  /** How long the first beat waits for the first lists. */
  public static final Duration FIRST_LIST = Duration.ofSeconds(10);

  /** How often the metrics API and the health of the API server are asked for. */
  public static final Duration REVIEW = Duration.ofSeconds(60);

  /** How often the agent asks what it may do, besides after every refusal: once a heartbeat. */
  public static final Duration ACCESS_REVIEW = Protocol.HEARTBEAT_INTERVAL;

  private final ApiServer server;
  private final ClusterFacts facts;
  private final MetricsPoll metrics;
  private final ManagedWatch managed;
  private final ManagedCommands commands;
  private final List<Reflector<?>> reflectors;
  private final ScheduledExecutorService timer;
  private final ExecutorService threads;
  private final RandomGenerator random = SystemTime.random();
  private final AtomicLong changes = new AtomicLong();
  private final AtomicBoolean reviewing = new AtomicBoolean();
  private final InventoryAssembly assembly = new InventoryAssembly();
  private volatile Runnable beatSoon = () -> {};

  private boolean started;
  private long assembledAt = -1;
  private Inventory assembled = Inventory.EMPTY;

  private KubernetesInventory(ApiClient client, Grants grants, String namespace) {
    this.server = new ApiServer(client);
    this.facts = new ClusterFacts(server, grants, namespace);
    this.metrics = new MetricsPoll(server, grants.pods());
    this.managed = new ManagedWatch(server, namespace, this::later, () -> beatSoon.run());
    this.commands =
        ManagedCommands.of(
            server,
            namespace,
            () -> facts.info().capabilities().has(Capabilities.APPLY),
            new ManagedCommands.Hooks(() -> execute(this::review), managed::reread));
    this.timer = SystemTime.scheduler("niro-kubernetes-timer", 1);
    this.threads = SystemTime.threads("niro-kubernetes");
    this.reflectors =
        WatchedKinds.of(grants).stream().<Reflector<?>>map(kind -> reflector(kind)).toList();
  }

  /**
   * An inventory of the cluster that {@code client} leads to. The client is not used for anything
   * else afterwards.
   *
   * @param namespace the agent's own
   */
  public static KubernetesInventory of(ApiClient client, Grants grants, String namespace) {
    return new KubernetesInventory(client, grants, namespace);
  }

  /** The logs of the cluster's pods, as far as flag and permission go; open as long as this is. */
  public LogSource logs() {
    return new PodLogs(
        server,
        () -> facts.info().capabilities().has(Capabilities.LOGS),
        () -> execute(this::review));
  }

  /**
   * The commands {@code apply}, {@code delete} and {@code diff}, as far as flag and permission go;
   * they work as long as this is open.
   */
  public List<CommandHandler> managedCommands() {
    return commands.handlers();
  }

  @Override
  public void onChange(Runnable beatSoon) {
    this.beatSoon = beatSoon;
  }

  @Override
  public Observation collect() throws InterruptedException {
    if (!started) {
      started = true;
      start();
    }
    Inventory inventory = inventory();
    return new Observation(
        new ClusterSnapshot(facts.info().withManaged(managed.marks()), sections(), inventory),
        metrics.usage(inventory));
  }

  @Override
  public void close() {
    timer.shutdownNow();
    server.close();
    commands.close();
    threads.shutdownNow();
  }

  private void start() throws InterruptedException {
    List<CompletableFuture<?>> first = new ArrayList<>();
    for (Reflector<?> reflector : reflectors) {
      execute(() -> round(reflector));
      first.add(reflector.settled());
    }
    first.add(CompletableFuture.runAsync(this::review, threads));
    first.add(CompletableFuture.runAsync(metrics, threads));
    every(REVIEW, this::review);
    every(REVIEW, metrics);
    every(ACCESS_REVIEW, () -> review(facts::refreshAccess));
    try {
      CompletableFuture.allOf(first.toArray(CompletableFuture<?>[]::new))
          .get(FIRST_LIST.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      log.info("the API server is slow to answer; what is missing follows with a later beat");
    }
  }

  private <T extends Resource> Reflector<T> reflector(WatchedKind<T> kind) {
    return new Reflector<>(server, kind, changes::incrementAndGet);
  }

  private void round(Reflector<?> reflector) {
    long pause = reflector.round(random.nextDouble());
    if (reflector.wasForbidden()) {
      execute(this::review);
    }
    later(pause, () -> round(reflector));
  }

  private void every(Duration pause, Runnable work) {
    later(
        pause.toMillis(),
        () -> {
          try {
            work.run();
          } catch (RuntimeException e) {
            log.warn("what is done every {} s failed, and is tried again", pause.toSeconds(), e);
          } finally {
            every(pause, work);
          }
        });
  }

  private void later(long millis, Runnable work) {
    try {
      var unused = timer.schedule(() -> execute(work), millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      log.trace("closed");
    }
  }

  private void execute(Runnable work) {
    try {
      threads.execute(work);
    } catch (RejectedExecutionException e) {
      log.trace("closed");
    }
  }

  private void review() {
    review(facts::refresh);
  }

  private void review(BooleanSupplier change) {
    if (!reviewing.compareAndSet(false, true)) {
      return;
    }
    try {
      if (change.getAsBoolean()) {
        beatSoon.run();
      }
      if (facts.info().capabilities().has(Capabilities.APPLY)) {
        managed.learn();
      }
    } finally {
      reviewing.set(false);
    }
  }

  private Inventory inventory() {
    long now = changes.get();
    if (now != assembledAt) {
      assembledAt = now;
      boolean podsKnown = status(Section.PODS).state() == SectionStatus.State.COMPLETE;
      assembled = assembly.assemble(seen(), podsKnown);
    }
    return assembled;
  }

  private Inventory seen() {
    return new Inventory(
        objects(Section.NODES, Node.class),
        objects(Section.PODS, Pod.class),
        objects(Section.WORKLOADS, Workload.class),
        objects(Section.EVENTS, WarningEvent.class),
        objects(Section.PERSISTENT_VOLUME_CLAIMS, PersistentVolumeClaim.class),
        objects(Section.SERVICE_ACCOUNTS, ServiceAccount.class),
        objects(Section.AUTOSCALERS, Autoscaler.class));
  }

  private <T extends Resource> List<T> objects(Section section, Class<T> type) {
    return reflectors.stream()
        .filter(reflector -> reflector.kind().section() == section)
        .flatMap(reflector -> reflector.objects().stream())
        .map(type::cast)
        .toList();
  }

  private Map<Section, SectionStatus> sections() {
    Map<Section, SectionStatus> sections = new EnumMap<>(Section.class);
    for (Section section : Section.values()) {
      SectionStatus status = section == Section.METRICS ? metrics.status() : status(section);
      sections.put(section, status);
    }
    return sections;
  }

  private SectionStatus status(Section section) {
    SectionStatus status =
        SectionStates.of(
            reflectors.stream()
                .filter(reflector -> reflector.kind().section() == section)
                .map(Reflector::status)
                .toList());
    int events = assembled.events().size();
    boolean cut = section == Section.EVENTS && events == InventoryAssembly.EVENTS;
    return cut ? cutTo(events, status) : status;
  }

  private static SectionStatus cutTo(int events, SectionStatus status) {
    int total = status.total() == null ? events : status.total();
    return total <= events
        ? status
        : new SectionStatus(
            SectionStatus.State.PARTIAL, total, total - events, "the newest " + events + " only");
  }
}
