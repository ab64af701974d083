package cx.niro.app.bench;

import cx.niro.agent.NiroAgent;
import cx.niro.agent.kubernetes.Grants;
import cx.niro.agent.kubernetes.KubernetesAgent;
import cx.niro.app.Logs;
import cx.niro.app.access.Access;
import cx.niro.app.server.RunningServer;
import cx.niro.app.server.ServerSettings;
import cx.niro.core.ClusterId;
import cx.niro.core.Environment;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.managed.ApplyOptions;
import cx.niro.core.managed.DriftState;
import cx.niro.server.Clusters;
import cx.niro.server.Deployments;
import cx.niro.server.manifest.ManifestFile;
import cx.niro.server.manifest.ManifestSet;
import cx.niro.server.spi.CommandRow;
import cx.niro.server.spi.DeploymentRow;
import cx.niro.server.spi.DeploymentRow.Status;
import cx.niro.server.spi.IncidentFilter;
import cx.niro.server.spi.Page;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.KubeConfig;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Drift on a real API server, with a server and an agent in this process: how soon an edit, a
 * deletion and another manager are seen ({@code --rounds}), and then what is seen and asked for
 * while nothing drifts ({@code --minutes}): one deployment that a scale client, an annotating
 * client and writers of status keep busy, and one that is left alone. {@code NIRO_TEST_KUBECONFIG}
 * names an administrator's token. Flags: {@code --minutes 60 --rounds 0}.
 */
final class DriftMain {
  private static final String ACTOR = "bench";
  private static final List<String> NAMES = List.of("busy", "idle");

  private final String home = "drift-" + UUID.randomUUID().toString().substring(0, 8);
  private final AgentCalls calls = new AgentCalls(home);
  private final Path kubeconfig = Path.of(System.getenv("NIRO_TEST_KUBECONFIG"));
  private final KubeClient cluster = new KubeClient(kubeconfig);
  private final List<String> failures = new ArrayList<>();
  private final RunningServer server;
  private final ClusterId id;
  private final String token;

  private DriftMain(RunningServer server) throws Exception {
    this.server = server;
    Clusters.NewCluster made =
        server
            .niro()
            .clusters()
            .create(
                Access.ORGANIZATION,
                new Clusters.ClusterSpec("bench", Environment.DEV, Map.of()),
                ACTOR);
    id = made.id();
    token = made.enrollment().token();
  }

  public static void main(String[] flags) throws Exception {
    Logs.withoutAgents();
    Arguments arguments = new Arguments(flags);
    ServerSettings.Windows windows =
        new ServerSettings.Windows(
            Duration.ofSeconds(15), Duration.ofSeconds(65), Duration.ofSeconds(150));
    try (RunningServer server =
        RunningServer.start(
            new ServerSettings("127.0.0.1", 0, null, null, null, windows, null, Duration.ZERO))) {
      new DriftMain(server).run(arguments);
    }
    System.exit(0);
  }

  private void run(Arguments arguments) throws Exception {
    cluster.create("/api/v1/namespaces", "{'metadata':{'name':'%s'}}".formatted(home));
    cluster.create("/api/v1/namespaces/" + home + "/secrets", "{'metadata':{'name':'niro-agent'}}");
    NiroAgent agent = agent();
    try {
      await(60, "the agent may apply", this::mayApply);
      for (String name : NAMES) {
        cluster.create(
            "/api/v1/namespaces",
            "{'metadata':{'name':'%s'}}".formatted(DriftObjects.namespace(home, name)));
        apply(name);
      }
      rounds(arguments.number("rounds", 0));
      watch(arguments.number("minutes", 60));
    } finally {
      agent.close();
      for (String name : NAMES) {
        cluster.delete("/api/v1/namespaces/" + DriftObjects.namespace(home, name));
      }
      cluster.delete("/api/v1/namespaces/" + home);
    }
  }

  private NiroAgent agent() throws Exception {
    try (Reader reader = Files.newBufferedReader(kubeconfig)) {
      ApiClient client = ClientBuilder.kubeconfig(KubeConfig.loadKubeConfig(reader)).build();
      client.setHttpClient(client.getHttpClient().newBuilder().addInterceptor(calls).build());
      Grants grants = Grants.of(Map.of("NIRO_ENABLE_APPLY", "1"));
      return KubernetesAgent.options(server.address().toString(), client, home, grants)
          .token(token)
          .allowHttp(true)
          .proxy(null)
          .start();
    }
  }

  private boolean mayApply() {
    return server
        .niro()
        .fleet()
        .cluster(id)
        .filter(view -> view.info().capabilities().has("apply"))
        .isPresent();
  }

  private Deployments deployments() {
    return server.niro().deployments();
  }

  private DeploymentRow row(String name) {
    return deployments().find(id, name).orElseThrow().deployment();
  }

  private void apply(String name) throws Exception {
    String namespace = DriftObjects.namespace(home, name);
    ManifestSet set =
        ManifestSet.parse(List.of(new ManifestFile("all.yaml", DriftObjects.YAML)), namespace);
    deployments()
        .put(
            id, new Deployments.Spec(name, namespace, set, List.of()), ApplyOptions.CAREFUL, ACTOR);
    await(120, name + " is applied", () -> row(name).applied().status() != Status.PENDING);
    if (row(name).applied().status() != Status.SUCCEEDED) {
      throw new IllegalStateException(name + ": " + row(name).applied().reason());
    }
  }

  private void revert(String name) throws Exception {
    deployments().apply(id, name, new ApplyOptions(false, true, false, List.of()), ACTOR);
    await(120, name + " is applied again", () -> row(name).applied().status() != Status.PENDING);
  }

  // ---------------------------------------------------------------- real drift

  private interface Deed {
    void run() throws Exception;
  }

  private void rounds(int rounds) throws Exception {
    String in = "/api/v1/namespaces/" + DriftObjects.namespace(home, "idle");
    for (int i = 0; i < rounds; i++) {
      String value = "{'data':{'color':'red-%d'}}".formatted(i);
      seen("an edit", () -> cluster.patch("kubectl-edit", in + "/configmaps/c-1", value));
      seen("a deletion", () -> cluster.delete(in + "/configmaps/c-2"));
      seen(
          "another manager",
          () ->
              cluster.patch(
                  "operator", in + "/services/web", "{'spec':{'selector':{'app':'other'}}}"));
    }
  }

  /** Two looks of the time before have to be over, as for people who come later. */
  private void seen(String what, Deed deed) throws Exception {
    TimeUnit.SECONDS.sleep(20);
    Instant start = Instant.now();
    deed.run();
    await(120, what + " is seen", () -> drift("idle") == DriftState.DRIFTED);
    Duration seen = Duration.between(start, Instant.now());
    await(120, what + " opens an incident", () -> incidents() == 1);
    Duration opened = Duration.between(start, Instant.now());
    revert("idle");
    await(30, what + " is taken back", () -> incidents() == 0);
    System.out.printf(
        Locale.ROOT,
        "%s: seen after %.1f s, incident after %.1f s%n",
        what,
        seen.toMillis() / 1e3,
        opened.toMillis() / 1e3);
  }

  private DriftState drift(String name) {
    DeploymentRow.Drift drift = row(name).drift();
    return drift == null ? DriftState.UNKNOWN : drift.state();
  }

  private long incidents() {
    return server
        .niro()
        .incidents()
        .list(Set.of(id), IncidentFilter.FIRING, new Page.Request(null, 500))
        .items()
        .stream()
        .filter(row -> row.what().type().equals(IncidentType.DRIFT_DETECTED))
        .count();
  }

  // ---------------------------------------------------------------- nothing drifts

  private void watch(int minutes) throws Exception {
    TimeUnit.SECONDS.sleep(90);
    String busy = DriftObjects.namespace(home, "busy");
    ScheduledExecutorService noise = Executors.newScheduledThreadPool(2);
    Map<String, Long> looksBefore = looks();
    Map<String, Long> callsBefore = calls.byNamespace();
    Noise writers = new Noise(cluster, busy, failures);
    writers.start(noise);
    int states = 0;
    for (int second = 0; second < minutes * 60; second += 5) {
      TimeUnit.SECONDS.sleep(5);
      for (String name : NAMES) {
        if (drift(name) != DriftState.IN_SYNC) {
          states++;
          System.out.println("after " + second + " s: " + name + " " + row(name).drift());
        }
      }
      if (second % 600 == 595) {
        report(second + 5, writers, looksBefore, callsBefore);
      }
    }
    noise.shutdownNow();
    report(minutes * 60, writers, looksBefore, callsBefore);
    System.out.printf(
        "times that a state was not in_sync: %d; lines of drift on the timeline: %d; incidents opened: %d; failures %s%n",
        states, lines("drift", "drifted"), lines("incident_opened", "drift_detected"), failures);
  }

  private void report(int seconds, Noise writers, Map<String, Long> looks, Map<String, Long> asked)
      throws Exception {
    for (String name : NAMES) {
      String namespace = DriftObjects.namespace(home, name);
      long requests =
          calls.byNamespace().getOrDefault(namespace, 0L) - asked.getOrDefault(namespace, 0L);
      System.out.printf(
          Locale.ROOT,
          "%d min, %s: %d looks, %d API requests for %d objects (%.2f for each and hour)%n",
          seconds / 60,
          name,
          looks().getOrDefault(name, 0L) - looks.getOrDefault(name, 0L),
          requests,
          DriftObjects.COUNT,
          requests * 3600.0 / seconds / DriftObjects.COUNT);
    }
    System.out.printf(
        "%d min: %s; discovery and lists of what is managed: %d requests%n",
        seconds / 60, writers, calls.shared());
  }

  private Map<String, Long> looks() {
    Map<String, Long> looks = new HashMap<>();
    Page.Request next = new Page.Request(null, 500);
    for (CommandRow row : server.niro().commands().list(id, "diff", next).items()) {
      looks.merge(
          String.valueOf(row.request().orderKey()).replace("deployment/", ""), 1L, Long::sum);
    }
    return looks;
  }

  private long lines(String kind, String what) {
    return server
        .niro()
        .fleet()
        .timeline(id, Set.of(kind), new Page.Request(null, 500))
        .items()
        .stream()
        .filter(entry -> entry.details().containsValue(what))
        .count();
  }

  private static void await(int seconds, String what, BooleanSupplier condition)
      throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("not within " + seconds + " s: " + what);
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }
}
