package cx.niro.server.http;

import cx.niro.core.protocol.NiroCodec;
import cx.niro.server.Metric;
import cx.niro.server.NiroServer;
import cx.niro.server.internal.Tally;
import cx.niro.server.spi.AccessControl;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent protocol and the REST API as one function from request to response, to be mounted in
 * any web stack; {@link cx.niro.server.servlet.NiroServlet} mounts it in a servlet container. Give
 * it every request below {@code /agent}, {@code /api} and {@code /install}, and those for {@code
 * /openapi.yaml}, {@code /healthz} and {@code /readyz}; where several servers share a database also
 * those below {@code /replica}, which only the servers themselves call.
 *
 * <p>Safe from any thread. {@link #close} ends the open streams and leaves the server alone.
 */
public final class NiroHandler implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NiroHandler.class);

  /** How long a whole body may take, unless the builder says otherwise. */
  public static final Duration BODY_DEADLINE = Duration.ofSeconds(20);

  /** How many requests are worked on at the same time, unless the builder says otherwise. */
  public static final int CONCURRENCY = 8;

  private final Router router;
  private final Executor executor;
  private final Intakes intakes;
  private final Passage.Means means;
  private final ChangeFeed feed;
  private final LogRoutes logs;
  private final Tally tally =
      new Tally(
          "niro_http_requests_total",
          "Answers by method, route and status.",
          "method",
          "route",
          "code");
  private final ScheduledFuture<?> ticking;

  private NiroHandler(Builder builder) {
    NiroServer server = builder.server;
    NiroCodec rest = NiroCodec.forRest();
    this.executor = builder.executor == null ? server.executor() : builder.executor;
    ScheduledExecutorService scheduler = server.scheduler();
    this.feed = new ChangeFeed(server.fleet(), rest);
    Bodies bodies = new Bodies(server.options().decodingBytes());
    RestDoor door = new RestDoor(builder.accessControl, server, rest, bodies.strictly());
    this.logs = new LogRoutes(door, server.logs(), rest);
    this.router = new Router(routes(builder, rest, door, bodies));
    this.intakes = new Intakes(server.options().decodingBytes(), builder.bodyDeadline);
    Failures failures = new Failures(rest, () -> UUID.randomUUID().toString());
    Admission admission = new Admission(builder.concurrency, executor, builder.sessionCookie);
    this.means = new Passage.Means(router, failures, admission, intakes, tally);
    server.addListener(feed);
    this.ticking = scheduler.scheduleWithFixedDelay(this::everySecond, 1, 1, TimeUnit.SECONDS);
  }

  /** Opens a handler for a server; it may be started before or after. */
  public static Builder builder(NiroServer server) {
    return new Builder(server);
  }

  private List<Route> routes(Builder builder, NiroCodec rest, RestDoor door, Bodies bodies) {
    NiroServer server = builder.server;
    ScheduledExecutorService scheduler = server.scheduler();
    Installer installer = builder.installer();
    List<Route> routes = new ArrayList<>();
    NiroCodec agents = NiroCodec.create();
    routes.addAll(new AgentRoutes(server.gateway(), agents, bodies, executor).routes());
    routes.addAll(new ReplicaRoutes(server.replicas(), agents, bodies).routes());
    routes.addAll(
        new ClusterRoutes(door, server.clusters(), server.fleet(), installer, feed).routes());
    routes.addAll(new InventoryRoutes(door, server.fleet()).routes());
    routes.addAll(new CommandRoutes(door, server.commands(), feed, executor, scheduler).routes());
    routes.addAll(new AgentUpdateRoutes(door, server.commands(), feed).routes());
    routes.addAll(new IncidentRoutes(door, server, feed).routes());
    routes.addAll(new ChannelRoutes(door, server.channels()).routes());
    routes.addAll(new DeploymentRoutes(door, server.deployments(), rest, feed).routes());
    routes.addAll(new PolicyRoutes(door, server.policies(), feed).routes());
    routes.addAll(new SilenceRoutes(door, server.fleet(), server.silences(), feed).routes());
    routes.add(logs.route());
    routes.addAll(new AuditRoutes(door, server.audit()).routes());
    routes.add(door.get("/api/v1/stream", this::stream));
    routes.addAll(new PublicRoutes(rest, server::isReady, installer, builder.openApi).routes());
    return routes;
  }

  private void everySecond() {
    intakes.tick();
    handOn(() -> guarded(feed::tick));
    handOn(() -> guarded(logs::tick));
  }

  /** One refusal or failure must not end the ticking. */
  private void handOn(Runnable task) {
    try {
      executor.execute(task);
    } catch (RejectedExecutionException e) {
      LOG.debug("the executor takes no work; the next second will do", e);
    }
  }

  private static void guarded(Runnable tick) {
    try {
      tick.run();
    } catch (RuntimeException e) {
      LOG.warn("streams could not be seen to; they go on", e);
    }
  }

  private NiroResponse stream(Access access, Call call) {
    return Answers.stream("text/event-stream", feed.subscribe(access));
  }

  /**
   * Answers one request. Returns at once: the body is read, and stores are asked, on the executor;
   * what asks no store, such as {@code /healthz}, is answered before this returns. The stage is
   * completed always with a response and never with an exception; a poll may take up to 55 seconds
   * and holds no thread meanwhile.
   *
   * <p>A client that sends its body slowly holds a thread of the executor: use {@link
   * #handle(NiroRequest, BodySource)} where the web stack can.
   */
  public CompletionStage<NiroResponse> handle(NiroRequest request) {
    return new Passage(means, request, null).begin();
  }

  /**
   * The same for a request whose body is still to come, whatever stands in {@link
   * NiroRequest#body()}. It is asked for when the caller is known and may come, collected in memory
   * without a thread, and refused when all bodies together take too much ({@code overloaded}) or
   * when it is not there within the deadline ({@code body_timeout}).
   */
  public CompletionStage<NiroResponse> handle(NiroRequest head, BodySource body) {
    return new Passage(means, head, body).begin();
  }

  /** How requests were answered since this handler was made; a poll counts when it ends. */
  public List<Metric> metrics() {
    return List.of(tally.metric());
  }

  /**
   * Ends the open streams of these callers, for when they lose their access: a stream is asked who
   * it belongs to only when it begins.
   *
   * @param whose given what {@link AccessControl#authenticate} gave
   */
  public void endStreams(Predicate<AccessControl.Caller> whose) {
    feed.close(whose);
    logs.close(whose);
  }

  /**
   * The OpenAPI document of these routes, as YAML; to be served together with more of one's own by
   * {@link Builder#openApi}.
   */
  public static String openApi() {
    return PublicRoutes.OPEN_API;
  }

  /** How many streams of changes are open. */
  public int openStreams() {
    return feed.subscribers();
  }

  /** How many request bodies are on their way in. */
  public int openBodies() {
    return intakes.open();
  }

  /** Events that slow readers of streams lost since the start; each reader is told of its own. */
  public long missedEvents() {
    return feed.missed();
  }

  /** The routing table, for the test that compares it with the OpenAPI document. */
  List<Route> routes() {
    return router.routes();
  }

  /** Ends the streams of changes and of logs; other requests are answered on. */
  @Override
  public void close() {
    ticking.cancel(false);
    feed.close();
    logs.close(caller -> true);
  }

  /** Collects what a handler is made of. */
  public static final class Builder {
    private final NiroServer server;
    private AccessControl accessControl = request -> Optional.empty();
    private @Nullable Executor executor;
    private @Nullable URI publicUrl;
    private String agentImage = InstallScripts.DEFAULT_IMAGE;
    private boolean loopbackInstall;
    private String openApi = PublicRoutes.OPEN_API;
    private Duration bodyDeadline = BODY_DEADLINE;
    private int concurrency = CONCURRENCY;
    private @Nullable String sessionCookie;

    private Builder(NiroServer server) {
      this.server = server;
    }

    /** Who may use the REST API; by default nobody, and the agent protocol works all the same. */
    public Builder accessControl(AccessControl accessControl) {
      this.accessControl = accessControl;
      return this;
    }

    /**
     * Where stores are asked and bodies decoded; the server's executor by default. It needs as many
     * threads as requests are to be worked on at the same time; parked polls take none.
     */
    public Builder executor(Executor executor) {
      this.executor = executor;
      return this;
    }

    /**
     * How many requests are worked on at the same time; {@link #CONCURRENCY} by default, which fits
     * the server's own executor and leaves two of its threads to the server. An executor of one's
     * own should have as many, and two more when the server works on it too.
     *
     * <p>Heartbeats may take three eighths of it, polls three sixteenths, results a sixteenth,
     * enrollments a sixteenth and the REST API a quarter, each at least one; so none of them waits
     * for the others. One agent may take two at a time, and one caller of the REST API an eighth of
     * its quarter, at least one. Up to 4,096 heartbeats and as many polls, 1,024 results, 256
     * enrollments and 1,024 calls of the REST API wait, in turns by caller; more are answered 503
     * {@code overloaded}, or 429 {@code too_many_requests} when they are of one caller, both with
     * {@code Retry-After}.
     *
     * @throws IllegalArgumentException under 5 or above 10,000
     */
    public Builder concurrency(int requests) {
      if (requests < 5 || requests > 10_000) {
        throw new IllegalArgumentException("concurrency must be 5 to 10000, but is " + requests);
      }
      this.concurrency = requests;
      return this;
    }

    /**
     * The cookie by which {@link #accessControl} tells sessions apart: each of its values is a
     * caller who takes turns with others. None by default, and then whoever sends no {@code
     * Authorization} is counted by {@link NiroRequest#remoteAddress()}.
     */
    public Builder sessionCookie(String name) {
      this.sessionCookie = name;
      return this;
    }

    /**
     * Where clusters reach this server, for example {@code https://fleet.example.com}. Install
     * commands are built from it and from nothing that a request carries; without it there are
     * none.
     */
    public Builder publicUrl(URI publicUrl) {
      this.publicUrl = publicUrl;
      return this;
    }

    /**
     * The image that the installer names, unless {@code NIRO_AGENT_IMAGE} names another when it is
     * run; the one of this release by default.
     */
    public Builder agentImage(String agentImage) {
      this.agentImage = agentImage;
      return this;
    }

    /**
     * How long a whole body may take when it comes as a {@link BodySource}, in whole seconds and up
     * to a second more; {@link #BODY_DEADLINE} by default.
     *
     * @throws IllegalArgumentException under one second
     */
    public Builder bodyDeadline(Duration deadline) {
      if (deadline.toSeconds() < 1) {
        throw new IllegalArgumentException("bodyDeadline must be at least 1 s, but is " + deadline);
      }
      this.bodyDeadline = deadline;
      return this;
    }

    /** Gives install commands even for a loopback public URL, for demonstrations and tests. */
    public Builder allowLoopbackInstall(boolean allow) {
      this.loopbackInstall = allow;
      return this;
    }

    /** What {@code /openapi.yaml} answers; {@link NiroHandler#openApi()} by default. */
    public Builder openApi(String yaml) {
      this.openApi = yaml;
      return this;
    }

    private Installer installer() {
      return new Installer(publicUrl, loopbackInstall, agentImage);
    }

    /** Makes the handler and begins to listen to the server. */
    public NiroHandler build() {
      return new NiroHandler(this);
    }
  }
}
