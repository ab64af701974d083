package cx.niro.app.server;

import com.zaxxer.hikari.HikariDataSource;
import cx.niro.agent.kubernetes.KubernetesObjects;
import cx.niro.app.CommandException;
import cx.niro.app.ExitCode;
import cx.niro.app.SystemTime;
import cx.niro.app.access.Access;
import cx.niro.app.dashboard.DashboardServlet;
import cx.niro.app.metrics.MetricsServlet;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.server.Metric;
import cx.niro.server.NiroServer;
import cx.niro.server.ServerOptions;
import cx.niro.server.http.NiroHandler;
import cx.niro.server.jdbc.JdbcStores;
import cx.niro.server.jdbc.PostgresSignals;
import cx.niro.server.memory.MemoryStores;
import cx.niro.server.servlet.NiroServlet;
import cx.niro.server.spi.Links;
import cx.niro.server.spi.Stores;
import jakarta.servlet.http.HttpServlet;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server that runs: database, Niro, logins and the port. {@link #start} opens all of it or
 * nothing; {@link #close} sends the agents away softly and may be called any number of times.
 */
public final class RunningServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RunningServer.class);
  private static final int REQUEST_THREADS = 64;
  private static final Duration DRAIN_SLACK = Duration.ofSeconds(2);

  private final HikariDataSource database;
  private final Access access;
  private final NiroServer niro;
  private final NiroHandler handler;
  private final ExecutorService requests;
  private final WebServer web;
  private final Duration drainTime;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final CompletableFuture<RuntimeException> databaseLost = new CompletableFuture<>();

  private RunningServer(ServerSettings settings, InstantSource clock, HikariDataSource database) {
    this.database = database;
    this.drainTime = settings.drainTime();
    NiroServer.Builder builder =
        NiroServer.builder(storesOf(settings))
            .clock(clock)
            .options(optionsOf(settings))
            .manifests(RunningServer::mapped)
            .secretKeys(SecretsKeys.of(settings.notifications().keyFile(), settings.dataDir()));
    if (settings.publicUrl() != null) {
      builder.links(Links.toDashboard(settings.publicUrl()));
    }
    Postgres shared = settings.postgres();
    if (shared != null && shared.advertiseUrl() != null) {
      builder.advertiseUrl(shared.advertiseUrl());
    }
    Path dataDir = settings.dataDir();
    if (dataDir != null && !settings.recorded().isEmpty()) {
      builder.recorder(new Recordings(dataDir.resolve("recordings"), settings.recorded()));
    }
    Postgres postgres = settings.postgres();
    if (postgres != null && postgres.listen()) {
      builder.signals(new PostgresSignals(database));
    }
    this.niro = builder.build();
    this.access =
        Access.open(
            database,
            new Access.Settings(
                niro.clock(),
                SystemTime.RANDOM,
                settings.isReachedByHttps(),
                settings.adminToken(),
                settings.trustedProxies()));
    this.requests = Executors.newFixedThreadPool(REQUEST_THREADS, SystemTime.daemons("request"));
    this.handler = handlerOf(settings);
    access.onCutOff(handler::endStreams);
    access.auditTo(niro.audit());
    this.web = new WebServer(settings, servlets(settings));
  }

  private static ClusterSnapshot mapped(List<Map<String, @Nullable Object>> manifests) {
    KubernetesObjects objects = new KubernetesObjects();
    manifests.forEach(objects::add);
    return objects.manifests();
  }

  /**
   * Opens everything; returns when agents and users are answered.
   *
   * @throws CommandException when the data folder, the port, a certificate or another setting
   *     cannot be used, with the next step
   */
  public static RunningServer start(ServerSettings settings) {
    return start(settings, SystemTime.CLOCK);
  }

  /** The same by a clock of its own. */
  public static RunningServer start(ServerSettings settings, InstantSource clock) {
    WebServer.checkPort(settings);
    HikariDataSource database = Database.open(settings);
    RunningServer server;
    try {
      server = new RunningServer(settings, clock, database);
    } catch (IllegalArgumentException e) {
      database.close();
      throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
    try {
      server.niro.start();
      server.web.start();
      server.tellStrangers(settings);
      log.info("Listening on {} ({})", server.address(), settings);
      return server;
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /** A cluster that was deleted must not keep a server from starting. */
  private void tellStrangers(ServerSettings settings) {
    settings.recorded().stream()
        .filter(id -> niro.fleet().cluster(id).isEmpty())
        .forEach(
            id ->
                log.warn(
                    "--record (NIRO_RECORD): there is no cluster {}, so nothing of it is recorded;"
                        + " ids are in niro get clusters -o wide",
                    id));
  }

  private Stores storesOf(ServerSettings settings) {
    if (settings.dataDir() == null) {
      return MemoryStores.create();
    }
    JdbcStores stores = JdbcStores.over(database, settings.commits());
    stores.lost().thenAccept(databaseLost::complete);
    return stores;
  }

  /** Completes when the database is gone for good; nothing is left but to end. */
  public CompletionStage<RuntimeException> databaseLost() {
    return databaseLost.minimalCompletionStage();
  }

  private static ServerOptions optionsOf(ServerSettings settings) {
    return ServerOptions.builder()
        .heartbeatInterval(settings.windows().heartbeatInterval())
        .unknownAfter(settings.windows().unknownAfter())
        .offlineAfter(settings.windows().offlineAfter())
        .thresholds(settings.windows().thresholds())
        .drainTime(settings.drainTime())
        .notifyAllow(settings.notifications().allow())
        .build();
  }

  private NiroHandler handlerOf(ServerSettings settings) {
    NiroHandler.Builder builder =
        NiroHandler.builder(niro)
            .accessControl(access.accessControl())
            .sessionCookie(access.sessionCookie())
            .openApi(ApiDescription.whole())
            .executor(requests)
            .concurrency(REQUEST_THREADS);
    if (settings.publicUrl() != null) {
      builder.publicUrl(settings.publicUrl());
    }
    return builder.build();
  }

  private Map<String, HttpServlet> servlets(ServerSettings settings) {
    Map<String, HttpServlet> servlets = new HashMap<>();
    HttpServlet api = new NiroServlet(handler);
    for (String pattern :
        new String[] {
          "/api/*",
          "/agent/*",
          "/replica/*",
          "/install/*",
          "/install.sh",
          "/openapi.yaml",
          "/healthz",
          "/readyz"
        }) {
      servlets.put(pattern, api);
    }
    servlets.put("/install/agent-image.tar", new AgentImageServlet(settings.dataDir()));
    HttpServlet ours = access.apiServlet();
    for (String path : new String[] {"/api/v1/tokens", "/api/v1/members"}) {
      servlets.put(path, ours);
      servlets.put(path + "/*", ours);
    }
    servlets.put(
        "/metrics",
        new MetricsServlet(this::metrics, access.accessControl(), settings.isForThisMachine()));
    servlets.put("/app/*", access.servlet());
    servlets.put("/", new DashboardServlet());
    return servlets;
  }

  private List<Metric> metrics() {
    return Stream.of(niro.metrics(), handler.metrics()).flatMap(List::stream).toList();
  }

  /** Where programs on this machine reach it. */
  public URI address() {
    return web.address();
  }

  public Access access() {
    return access;
  }

  /** How many streams of changes are open, for scenario tests. */
  public int openStreams() {
    return handler.openStreams();
  }

  /** The library's side of it, for scenario tests. */
  public NiroServer niro() {
    return niro;
  }

  /** Answers parked polls one by one, closes the port, writes what is left, closes the database. */
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    drain();
    handler.close();
    web.close();
    niro.close();
    requests.shutdown();
    database.close();
    log.info("Stopped");
  }

  private void drain() {
    try {
      long patience = drainTime.plus(DRAIN_SLACK).toMillis();
      niro.drain().toCompletableFuture().get(patience, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      log.warn("Some agents were not sent away in time: {}", String.valueOf(e.getMessage()));
    }
  }
}
