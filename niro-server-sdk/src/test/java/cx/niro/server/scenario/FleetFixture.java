package cx.niro.server.scenario;

import cx.niro.core.ClusterId;
import cx.niro.core.ClusterStatus;
import cx.niro.core.Environment;
import cx.niro.core.OrganizationId;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.testkit.ManualTime;
import cx.niro.core.testkit.StepExecutor;
import cx.niro.server.ClusterView;
import cx.niro.server.Clusters.ClusterSpec;
import cx.niro.server.Clusters.NewCluster;
import cx.niro.server.NiroServer;
import cx.niro.server.ServerListener;
import cx.niro.server.ServerOptions;
import cx.niro.server.memory.MemoryStores;
import cx.niro.server.spi.IncidentFilter;
import cx.niro.server.spi.IncidentRow;
import cx.niro.server.spi.Page;
import cx.niro.server.spi.Stores;
import cx.niro.server.spi.TimelineEntry;
import cx.niro.server.testkit.FakeAgent;
import cx.niro.server.testkit.TimedStores;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;

/** A server over memory stores in virtual time, and agents that call its gateway. */
final class FleetFixture implements ServerListener {
  static final OrganizationId ACME = new OrganizationId("acme");
  static final Duration INTERVAL = Duration.ofSeconds(15);

  private static final ServerOptions OPTIONS =
      ServerOptions.builder().notifyAllow(List.of("127.0.0.1")).build();

  final ManualTime time = ManualTime.create();
  StepExecutor executor = time.newExecutor();
  final List<String> heard = new ArrayList<>();
  final Pager pager = new Pager();
  private final LongSupplier spent;
  private int restarts;
  private int servers;
  Stores stores;
  NiroServer server;

  FleetFixture() {
    this(MemoryStores.create());
  }

  FleetFixture(Stores stores) {
    this(stores, () -> 0);
  }

  /**
   * @param spent nanoseconds that work took so far, beside the time that is let pass
   */
  FleetFixture(Stores stores, LongSupplier spent) {
    this.spent = spent;
    this.stores = stores;
    this.server = newServer();
    server.start();
  }

  private Instant now() {
    return time.instant().plusNanos(spent.getAsLong());
  }

  NiroServer newServer() {
    return newServer(this::now, executor);
  }

  /** A server that runs, on a machine with this clock, and may die without a word. */
  Replica newReplica(InstantSource machine) {
    StepExecutor own = time.newExecutor();
    NiroServer started = newServer(machine, own);
    started.start();
    return new Replica(started, own);
  }

  record Replica(NiroServer server, StepExecutor executor) {
    void kill() {
      executor.shutdownNow();
    }
  }

  /** The first one dies without a word. */
  void kill() {
    executor.shutdownNow();
  }

  private NiroServer newServer(InstantSource clock, StepExecutor executor) {
    return NiroServer.builder(new TimedStores(stores, this::now))
        .options(OPTIONS)
        .clock(clock)
        .nanos(() -> time.nanoTime() + spent.getAsLong())
        .executor(executor)
        .scheduler(executor)
        .random(new SplittableRandom(7 + servers++))
        .secretKeys(List.of(new byte[32]))
        .notifier("pager", pager)
        .listener(this)
        .build();
  }

  /** The process dies without a word; another one begins after {@code down}. */
  void crashAndRestart(Duration down) {
    executor.shutdownNow();
    time.advance(down);
    executor = time.newExecutor();
    server =
        NiroServer.builder(new TimedStores(stores, this::now))
            .clock(time)
            .nanos(time.nanos())
            .executor(executor)
            .scheduler(executor)
            .random(new SplittableRandom(108 + restarts++))
            .options(OPTIONS)
            .secretKeys(List.of(new byte[32]))
            .notifier("pager", pager)
            .listener(this)
            .build();
    server.start();
  }

  /** The same agent process, talking to the server that is there now. */
  FakeAgent agentAfterRestart(FakeAgent agent) {
    return agent.copy(server.gateway());
  }

  NewCluster create(String name) {
    return server
        .clusters()
        .create(ACME, new ClusterSpec(name, Environment.UNSPECIFIED, Map.of()), "ada");
  }

  FakeAgent agent() {
    return new FakeAgent(server.gateway(), time);
  }

  /** A cluster whose agent has beaten once. */
  Member member(String name) {
    NewCluster made = create(name);
    FakeAgent agent = agent().enroll(made.enrollment().token());
    agent.beat();
    Instant at = time.instant();
    time.runDue();
    return new Member(made.id(), agent, at);
  }

  record Member(ClusterId id, FakeAgent agent, Instant firstBeat) {}

  /** Time goes by while these agents beat. */
  void beatFor(Duration span, FakeAgent... agents) {
    for (long i = 0; i < span.dividedBy(INTERVAL); i++) {
      time.advance(INTERVAL);
      for (FakeAgent agent : agents) {
        agent.beat();
      }
      time.runDue();
    }
  }

  void pass(Duration span) {
    time.advance(span);
  }

  ClusterView view(ClusterId id) {
    return server.fleet().cluster(id).orElseThrow();
  }

  ClusterStatus status(ClusterId id) {
    return view(id).status();
  }

  List<IncidentRow> open(ClusterId id) {
    return server.incidents().list(Set.of(id), IncidentFilter.FIRING, Page.Request.FIRST).items();
  }

  List<IncidentType> openTypes(ClusterId id) {
    return open(id).stream().map(row -> row.what().type()).toList();
  }

  List<String> kinds(ClusterId id) {
    return server.fleet().timeline(id, Set.of(), Page.Request.FIRST).items().stream()
        .map(TimelineEntry::kind)
        .toList();
  }

  @Override
  public void statusChanged(ClusterId cluster, ClusterStatus from, ClusterStatus to) {
    heard.add(from.wireName() + "→" + to.wireName());
  }
}
