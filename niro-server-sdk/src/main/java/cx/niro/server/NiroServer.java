package cx.niro.server;

import cx.niro.core.incident.DetectionEngine;
import cx.niro.core.incident.rules.StandardRules;
import cx.niro.core.policy.PolicyEngine;
import cx.niro.server.internal.CountingGateway;
import cx.niro.server.internal.Engine;
import cx.niro.server.internal.Platform;
import cx.niro.server.internal.RecordingGateway;
import cx.niro.server.internal.SystemTime;
import cx.niro.server.internal.outbox.Sealer;
import cx.niro.server.internal.relay.Relay;
import cx.niro.server.notify.AllowedTargets;
import cx.niro.server.notify.HttpNotifiers;
import cx.niro.server.spi.ClusterSignals;
import cx.niro.server.spi.HeartbeatRecorder;
import cx.niro.server.spi.Links;
import cx.niro.server.spi.ManifestMapper;
import cx.niro.server.spi.Notifier;
import cx.niro.server.spi.Stores;
import java.net.URI;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The server side of a fleet, without a port: hand {@link #gateway()} the agents' calls (the HTTP
 * handler does) and use the rest from your program. {@link #start} it once and {@link #close} it
 * any number of times; nothing calls back after {@code close} returned. Safe from any thread.
 *
 * <p>What you hand in (stores, executors) is never closed; threads that the server made because it
 * was given none end with it.
 */
public final class NiroServer implements AutoCloseable {
  private final Engine engine;
  private final ServerOptions options;
  private final Platform platform;
  private final HttpNotifiers http;
  private final List<ServerListener> listeners;
  private final CountingGateway gateway;
  private volatile boolean ready;

  private NiroServer(Builder builder) {
    this.options = builder.options;
    this.platform = builder.platform();
    this.listeners = new CopyOnWriteArrayList<>(builder.listeners);
    AllowedTargets allowed = AllowedTargets.parse(options.notifyAllow());
    this.http = HttpNotifiers.create(allowed, builder.clock, builder.links);
    this.engine =
        new Engine(
            new Engine.Shared(builder.stores, builder.signals),
            options,
            platform,
            listeners,
            new Engine.Judges(builder.engine(), builder.policies, builder.manifests),
            builder.notifying(http),
            builder.advertiseUrl);
    listeners.add(engine.counter());
    HeartbeatRecorder recorder = builder.recorder;
    this.gateway =
        new CountingGateway(
            recorder == null
                ? engine.gateway()
                : new RecordingGateway(engine.gateway(), recorder, builder.clock));
  }

  /** Opens a server over these stores. */
  public static Builder builder(Stores stores) {
    return new Builder(stores);
  }

  /**
   * Begins to judge silence, to write behind and to watch for revoked keys; blocks while it reads
   * the list of clusters. Before it agents are answered {@code starting_or_stopping}.
   *
   * @throws IllegalStateException when called twice
   */
  public void start() {
    engine.start();
    ready = true;
  }

  /**
   * Lets agents go softly: parked polls are answered one by one over {@link
   * ServerOptions#drainTime}, each with a time before which it should not call again. Completes on
   * the server's executor when all are answered. {@link #close} afterwards.
   */
  public CompletionStage<Void> drain() {
    ready = false;
    return engine.drain();
  }

  /**
   * Answers what is still parked at once, writes what was to be written behind, and stops; blocks
   * for these writes.
   */
  @Override
  public void close() {
    ready = false;
    engine.close();
    http.close();
  }

  /**
   * Whether the server is started, neither draining nor closed, and could read its stores within
   * the last 5 seconds: the answer for a probe, so that a balancer sends nobody to a replica that
   * is cut off from the database.
   */
  public boolean isReady() {
    return ready && engine.hasSight();
  }

  /** Adds a listener; it hears what happens from now on. */
  public void addListener(ServerListener listener) {
    listeners.add(listener);
  }

  /** Where this server runs blocking work; adapters use it when they are given no other. */
  public Executor executor() {
    return platform.executor();
  }

  /** Where this server runs timers, which must never block. */
  public ScheduledExecutorService scheduler() {
    return platform.scheduler();
  }

  /**
   * The time that this server goes by; once started, that of its stores where several servers share
   * them. What an embedder stores beside, and compares on another machine, should go by it too.
   */
  public InstantSource clock() {
    return platform.clock();
  }

  /** What this server was built with. */
  public ServerOptions options() {
    return options;
  }

  /** The agent protocol, for a transport. */
  public AgentGateway gateway() {
    return gateway;
  }

  /** What other servers over the same stores ask, for a transport. */
  public ReplicaGateway replicas() {
    return engine.replicas();
  }

  /** Makes, changes and deletes clusters. */
  public Clusters clusters() {
    return engine.clusters();
  }

  /** What is known of the clusters. */
  public Fleet fleet() {
    return engine.fleet();
  }

  /** Sends commands and follows them. */
  public Commands commands() {
    return engine.commands();
  }

  /** Shows log lines of pods. */
  public Logs logs() {
    return engine.logs();
  }

  /** Keeps named sets of manifests applied. */
  public Deployments deployments() {
    return engine.deployments();
  }

  /** Where incidents are told. */
  public Channels channels() {
    return engine.channels();
  }

  /** Findings, and what people say of policies. */
  public Policies policies() {
    return engine.policies();
  }

  /** Silences and maintenance windows. */
  public Silences silences() {
    return engine.silences();
  }

  /**
   * The server's numbers, from memory, since it was made; linear in the number of clusters. Those
   * of the requests are {@link cx.niro.server.http.NiroHandler#metrics}.
   */
  public List<Metric> metrics() {
    List<Metric> all = new ArrayList<>(engine.metrics());
    all.add(gateway.metric());
    return all;
  }

  /** Who did what. */
  public Audit audit() {
    return engine.audit();
  }

  /** Open and past incidents. */
  public Incidents incidents() {
    return engine.incidents();
  }

  /** Collects what a server is made of; everything has a default. */
  public static final class Builder {
    private final Stores stores;
    private final List<ServerListener> listeners = new ArrayList<>();
    private ServerOptions options = ServerOptions.DEFAULT;
    private ClusterSignals signals = ClusterSignals.NONE;
    private InstantSource clock = SystemTime.CLOCK;
    private LongSupplier nanos = SystemTime.NANOS;
    private RandomGenerator random = new SecureRandom();
    private final Map<String, Notifier> notifiers = new LinkedHashMap<>();
    private Links links = Links.NONE;
    private List<byte[]> secretKeys = List.of();
    private @Nullable DetectionEngine detection;
    private @Nullable HeartbeatRecorder recorder;
    private @Nullable ManifestMapper manifests;
    private @Nullable URI advertiseUrl;
    private PolicyEngine policies = PolicyEngine.standard();
    private @Nullable Executor executor;
    private @Nullable ScheduledExecutorService scheduler;

    private Builder(Stores stores) {
      this.stores = stores;
    }

    /**
     * How other servers over the same stores are told at once what this one writes; by default they
     * are not, and see it within a second. What it needs (a thread, a connection) is its own.
     */
    public Builder signals(ClusterSignals signals) {
      this.signals = signals;
      return this;
    }

    /** {@link ServerOptions#DEFAULT} by default. */
    public Builder options(ServerOptions options) {
      this.options = options;
      return this;
    }

    /**
     * Wall time; the system's by default. Where stores are shared and have a clock ({@link
     * Stores#now}), the server goes by theirs.
     */
    public Builder clock(InstantSource clock) {
      this.clock = clock;
      return this;
    }

    /** Elapsed nanoseconds, which no clock setting moves; {@link System#nanoTime} by default. */
    public Builder nanos(LongSupplier nanos) {
      this.nanos = nanos;
      return this;
    }

    /** Ids, keys and pacing; a {@link SecureRandom} by default, and nothing less outside tests. */
    public Builder random(RandomGenerator random) {
      this.random = random;
      return this;
    }

    /**
     * Runs blocking work that no caller waits for: writing behind, waking polls, listeners, and up
     * to 16 notifications that wait for their targets. Eight daemon threads of the server's own by
     * default, and others for notifications.
     */
    public Builder executor(Executor executor) {
      this.executor = executor;
      return this;
    }

    /** Runs timers, which never block; one daemon thread of the server's own by default. */
    public Builder scheduler(ScheduledExecutorService scheduler) {
      this.scheduler = scheduler;
      return this;
    }

    /** Adds a listener. */
    public Builder listener(ServerListener listener) {
      this.listeners.add(listener);
      return this;
    }

    /** What tells incidents; by default the standard rules at the options' thresholds. */
    public Builder detection(DetectionEngine detection) {
      this.detection = detection;
      return this;
    }

    /** Takes accepted heartbeats down; nothing does by default. */
    public Builder recorder(HeartbeatRecorder recorder) {
      this.recorder = recorder;
      return this;
    }

    /** What tells findings; {@link PolicyEngine#standard} by default. */
    public Builder policies(PolicyEngine policies) {
      this.policies = policies;
      return this;
    }

    /**
     * Reads manifests for the policies that judge managed deployments; by default nothing does, and
     * then an apply is answered without findings.
     */
    public Builder manifests(ManifestMapper manifests) {
      this.manifests = manifests;
      return this;
    }

    /**
     * Sends the notifications of channels of this kind, for example {@code acme_sms}; it may take
     * the place of one that is there.
     */
    public Builder notifier(String kind, Notifier notifier) {
      this.notifiers.put(kind, notifier);
      return this;
    }

    /**
     * Where the other servers over the same database reach this one's HTTP handler, for example
     * {@code http://10.1.2.3:8080}: not the address of a balancer before them. Without it a viewer
     * of logs sees those of clusters only whose agents are connected to the viewer's server. None
     * by default.
     *
     * @throws IllegalArgumentException when it is not an http(s) URL of a host without a path, or
     *     is longer than 500 characters
     */
    public Builder advertiseUrl(URI url) {
      this.advertiseUrl = Relay.requireCallable(url);
      return this;
    }

    /** Where messages link to, for example {@code Links.toDashboard(url)}; nowhere by default. */
    public Builder links(Links links) {
      this.links = links;
      return this;
    }

    /**
     * Keys that settings of channels, manifests and payloads of commands are sealed with before
     * they are stored, 32 random bytes each and kept outside the database; the first one seals, all
     * open. None by default, and then channels and managed deployments cannot be made.
     */
    public Builder secretKeys(List<byte[]> keys) {
      this.secretKeys = List.copyOf(keys);
      return this;
    }

    public NiroServer build() {
      return new NiroServer(this);
    }

    private Engine.Notifying notifying(HttpNotifiers http) {
      Map<String, Notifier> all = new LinkedHashMap<>(http.byKind());
      all.putAll(notifiers);
      return new Engine.Notifying(all, new Sealer(secretKeys, random));
    }

    private DetectionEngine engine() {
      return detection == null
          ? DetectionEngine.of(StandardRules.all(options.thresholds()))
          : detection;
    }

    private Platform platform() {
      return SystemTime.of(clock, nanos, random, executor, scheduler);
    }
  }
}
