package cx.niro.app.bench;

import static cx.niro.app.bench.PlayedKubelet.at;

import cx.niro.agent.AgentListener;
import cx.niro.agent.NiroAgent;
import cx.niro.agent.kubernetes.KubernetesAgent;
import cx.niro.app.SystemTime;
import cx.niro.app.access.Access;
import cx.niro.app.server.RunningServer;
import cx.niro.app.server.ServerSettings;
import cx.niro.core.ClusterId;
import cx.niro.core.CommandId;
import cx.niro.core.Environment;
import cx.niro.core.NiroException;
import cx.niro.core.managed.ApplyOptions;
import cx.niro.core.managed.ImageDigest;
import cx.niro.core.protocol.CommandState;
import cx.niro.server.AgentUpdate;
import cx.niro.server.Clusters;
import cx.niro.server.Commands.CommandRequest;
import cx.niro.server.Deployments.Spec;
import cx.niro.server.NiroServer;
import cx.niro.server.manifest.ManifestFile;
import cx.niro.server.manifest.ManifestSet;
import cx.niro.server.spi.CommandRow;
import cx.niro.server.spi.DeploymentRow;
import cx.niro.server.spi.IncidentFilter;
import cx.niro.server.spi.Page;
import cx.niro.server.spi.TimelineEntry;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Rolls out the agent again and again on a real API server, as its installer made it, while users
 * send commands; {@link PlayedKubelet} runs the pods. Every fourth rollout is an update that the
 * agent carries out itself; at the end one to an image that cannot be pulled.
 */
public final class Rollouts {
  private static final String REPOSITORY = "registry.example.com/niro/agent";
  private static final String DEPLOYMENT =
      "/apis/apps/v1/namespaces/niro-system/deployments/niro-agent";
  private static final String DIGEST = "sha256:%064x";
  private static final int BAD = 0xbad;
  private static final int NAMES = 8;

  private final Path folder;
  private final Path kubeconfig;
  private final RunningServer server;
  private final NiroServer niro;
  private final PlainClient rest;
  private final PlayedKubelet kubelet;
  private final ClusterId cluster;
  private final Queue<CommandId> sent = new ConcurrentLinkedQueue<>();
  private final Queue<String> refused = new ConcurrentLinkedQueue<>();
  private final Map<String, Integer> statuses = new TreeMap<>();
  private final List<Duration> rollouts = new ArrayList<>();
  private final List<String> updates = new ArrayList<>();
  private final AtomicInteger agents = new AtomicInteger();
  private Path agentConfig;

  private Rollouts(Path folder, Path kubeconfig) throws IOException {
    this.folder = folder;
    this.kubeconfig = kubeconfig;
    this.server =
        RunningServer.start(
            new ServerSettings(
                "127.0.0.1",
                0,
                folder.resolve("data"),
                URI.create("https://fleet.example.com"),
                null,
                new ServerSettings.Windows(
                    Duration.ofSeconds(2), Duration.ofSeconds(30), Duration.ofMinutes(2)),
                ServerProcess.ADMIN_TOKEN,
                Duration.ZERO));
    this.niro = server.niro();
    this.rest = new PlainClient(server.address());
    this.kubelet = new PlayedKubelet(Files.readString(kubeconfig), image(BAD), this::agent);
    Clusters.NewCluster made =
        niro.clusters()
            .create(
                Access.ORGANIZATION,
                new Clusters.ClusterSpec("rollouts", Environment.DEV, Map.of()),
                "bench");
    this.cluster = made.id();
    install(made.enrollment().token());
  }

  /** Runs it; the API server must have no {@code niro-system}, and has none at the end. */
  public static RolloutReport run(Path folder, Path kubeconfig, int count) throws Exception {
    Rollouts rollouts = new Rollouts(folder, kubeconfig);
    rollouts.kubelet.start();
    try {
      return rollouts.run(count);
    } finally {
      rollouts.close();
    }
  }

  // ---------------------------------------------------------------- the cluster

  private static String image(int number) {
    return REPOSITORY + "@" + DIGEST.formatted(number);
  }

  private void install(String token) throws IOException {
    Path script = folder.resolve("install.sh");
    try (InputStream in = server.address().resolve("/install.sh").toURL().openStream()) {
      Files.copy(in, script);
    }
    ProcessBuilder sh = new ProcessBuilder("sh", script.toString()).redirectErrorStream(true);
    sh.environment()
        .putAll(
            Map.of(
                "NIRO_SERVER", server.address().toString().replaceAll("/$", ""),
                "NIRO_TOKEN", token,
                "NIRO_AGENT_IMAGE", image(1),
                "NIRO_ENABLE_APPLY", "1",
                "NIRO_ENABLE_SELF_UPDATE", "1",
                "NIRO_ALLOW_LOOPBACK", "1",
                "NIRO_WAIT_SECONDS", "1",
                "NIRO_K3S_FILE", "/nowhere"));
    run(sh);
    kubectl("create", "namespace", "niro-rollouts");
    kubelet.call("PATCH", DEPLOYMENT, "{\"spec\":{\"progressDeadlineSeconds\":20}}");
    String own = kubectl("-n", "niro-system", "create", "token", "niro-agent").strip();
    String admin = Files.readString(kubeconfig);
    agentConfig =
        Files.writeString(
            folder.resolve("agent-config"),
            admin.replaceAll("\\btoken: .*", "token: \"" + own + "\""));
  }

  private String kubectl(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("kubectl"));
    command.addAll(List.of(arguments));
    return run(new ProcessBuilder(command));
  }

  private String run(ProcessBuilder builder) throws IOException {
    builder.environment().put("KUBECONFIG", kubeconfig.toString());
    Process process = builder.start();
    process.getOutputStream().close();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private AutoCloseable agent(Runnable ready) throws IOException {
    AtomicBoolean first = new AtomicBoolean(true);
    NiroAgent agent =
        KubernetesAgent.fromEnvironment(
                Map.of(
                    "NIRO_SERVER",
                    server.address().toString(),
                    "KUBECONFIG",
                    agentConfig.toString(),
                    "NIRO_ENABLE_APPLY",
                    "1",
                    "NIRO_ENABLE_SELF_UPDATE",
                    "1"))
            .proxy(null)
            .listener(
                new AgentListener() {
                  @Override
                  public void beatAccepted(BeatReport report) {
                    if (first.getAndSet(false)) {
                      ready.run();
                    }
                  }
                })
            .start();
    agents.incrementAndGet();
    return agent;
  }

  private boolean isRolledOut(String image) {
    Map<?, ?> deployment = kubelet.call("GET", DEPLOYMENT, "");
    Object status = deployment.get("status");
    Object pod = at(deployment, "spec", "template", "spec", "containers", 0, "image");
    return image.equals(pod)
        && String.valueOf(at(status, "observedGeneration"))
            .equals(String.valueOf(at(deployment, "metadata", "generation")))
        && one(at(status, "updatedReplicas"))
        && one(at(status, "replicas"))
        && one(at(status, "availableReplicas"));
  }

  private static boolean one(Object number) {
    return number instanceof Number n && n.intValue() == 1;
  }

  // ---------------------------------------------------------------- what happens

  private RolloutReport run(int count) throws InterruptedException {
    await("the first agent", 60, () -> isRolledOut(image(1)) && status().equals("healthy"));
    ScheduledExecutorService traffic =
        Executors.newScheduledThreadPool(3, SystemTime.daemons("traffic"));
    traffic.scheduleWithFixedDelay(this::look, 0, 500, TimeUnit.MILLISECONDS);
    traffic.scheduleWithFixedDelay(this::ping, 0, 400, TimeUnit.MILLISECONDS);
    AtomicInteger applies = new AtomicInteger();
    traffic.scheduleWithFixedDelay(
        () -> apply(applies.incrementAndGet()), 0, 700, TimeUnit.MILLISECONDS);
    String image = image(1);
    for (int i = 1; i <= count; i++) {
      long begun = System.nanoTime();
      if (i % 4 == 0) {
        image = image(i + 1);
        update(i + 1, AgentUpdate.State.DONE);
      } else {
        kubelet.call(
            "PATCH",
            DEPLOYMENT,
            "{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"rollout\":\""
                + i
                + "\"}}}}}");
      }
      String wanted = image;
      await("rollout " + i, 90, () -> isRolledOut(wanted));
      rollouts.add(Duration.ofNanos(System.nanoTime() - begun));
      System.out.printf(
          "rollout %d: %d ms, %d commands%n", i, rollouts.get(i - 1).toMillis(), sent.size());
      TimeUnit.SECONDS.sleep(5);
    }
    update(BAD, AgentUpdate.State.ROLLED_BACK);
    traffic.shutdown();
    var unused = traffic.awaitTermination(30, TimeUnit.SECONDS);
    await("every command ends", 150, () -> unfinished().isEmpty());
    return report();
  }

  private void update(int number, AgentUpdate.State wanted) throws InterruptedException {
    ImageDigest digest = new ImageDigest(DIGEST.formatted(number));
    CommandId id = niro.commands().send(cluster, AgentUpdate.request(digest), "bench").id();
    Set<String> seen = new LinkedHashSet<>();
    await(
        "update to " + number + " is " + wanted,
        120,
        () -> {
          AgentUpdate update = AgentUpdate.of(row(id));
          seen.add(update.state().wireName());
          return update.finishedAt() != null;
        });
    updates.add(String.join(" → ", seen));
    if (AgentUpdate.of(row(id)).state() != wanted) {
      throw new IllegalStateException("update: " + AgentUpdate.of(row(id)));
    }
  }

  private void ping() {
    send(() -> niro.commands().send(cluster, CommandRequest.PING, "bench").id());
  }

  private interface Sends {
    CommandId send();
  }

  private void send(Sends what) {
    try {
      sent.add(what.send());
    } catch (NiroException e) {
      refused.add(e.code() + ": " + e.getMessage());
    }
  }

  /** One after the other for each of some names, so that none takes the place of another. */
  private void apply(int number) {
    String name = "web-" + number % NAMES;
    boolean open =
        niro.deployments()
            .find(cluster, name)
            .map(view -> view.deployment().applied().status() == DeploymentRow.Status.PENDING)
            .orElse(false);
    if (open) {
      return;
    }
    String yaml =
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: %s}, data: {n: '%d'}}"
            .formatted(name, number);
    ManifestSet set =
        ManifestSet.parse(List.of(new ManifestFile("web.yaml", yaml)), "niro-rollouts");
    Spec spec = new Spec(name, "niro-rollouts", set, List.of());
    send(() -> niro.deployments().put(cluster, spec, ApplyOptions.CAREFUL, "bench").command().id());
  }

  // ---------------------------------------------------------------- what is seen

  private String status() {
    return rest.once(PlainClient.Call.get("/api/v1/clusters/" + cluster, ServerProcess.ADMIN_TOKEN))
        .map(answer -> answer.text("status"))
        .orElse("no answer");
  }

  private synchronized void look() {
    statuses.merge(status(), 1, Integer::sum);
  }

  private CommandRow row(CommandId id) {
    return niro.commands().find(cluster, id).orElseThrow();
  }

  private List<CommandId> unfinished() {
    return sent.stream().filter(id -> !row(id).state().isFinal()).toList();
  }

  private static void await(String what, int seconds, BooleanSupplier happened)
      throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
    while (!happened.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("not within " + seconds + " s: " + what);
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  private synchronized RolloutReport report() {
    Map<String, Integer> ends = new TreeMap<>();
    List<String> late = new ArrayList<>();
    int again = 0;
    Duration longest = Duration.ZERO;
    for (CommandId id : sent) {
      CommandRow row = row(id);
      String reason = row.state() == CommandState.SUCCEEDED ? "" : ": " + row.reason();
      ends.merge(row.request().kind() + " " + row.state().wireName() + reason, 1, Integer::sum);
      again += row.attempt() > 1 ? 1 : 0;
      if (row.lateResult() != null) {
        late.add(row.toString());
      }
      if (row.finishedAt() != null) {
        Duration took = Duration.between(row.request().createdAt(), row.finishedAt());
        longest = took.compareTo(longest) > 0 ? took : longest;
      }
    }
    Set<String> incidents = new TreeSet<>();
    niro.incidents()
        .list(Set.of(cluster), IncidentFilter.ALL, Page.Request.FIRST)
        .items()
        .forEach(row -> incidents.add(row.what().type().name()));
    return new RolloutReport(
        rollouts,
        agents.get(),
        updates,
        statuses,
        ends,
        unfinished().stream().map(CommandId::value).toList(),
        late,
        List.copyOf(refused),
        again,
        longest,
        incidents);
  }

  /** Pods that are bound to a node go when their kubelet says so, and only then their namespace. */
  private void close() throws Exception {
    niro.fleet().timeline(cluster, Set.of("incident_opened"), Page.Request.FIRST).items().stream()
        .map(TimelineEntry::summary)
        .forEach(System.out::println);
    kubectl("delete", "namespace", "niro-system", "niro-rollouts", "--wait=true", "--timeout=60s");
    kubelet.close();
    server.close();
  }
}
