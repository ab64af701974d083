package cx.niro.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.agent.NiroAgent;
import cx.niro.agent.kubernetes.KubernetesAgent;
import cx.niro.agent.testkit.FakeKubernetes;
import cx.niro.app.server.RunningServer;
import cx.niro.app.server.ServerSettings;
import cx.niro.core.ClusterId;
import cx.niro.core.ClusterStatus;
import cx.niro.core.Environment;
import cx.niro.core.OrganizationId;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Resource;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.SectionStatus.State;
import cx.niro.server.Clusters.ClusterSpec;
import cx.niro.server.Clusters.NewCluster;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** From an enrollment token to nodes and pods on the server, with the real agent and server. */
class KubernetesAgentScenarioTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;

  private final String mark = "niro-test-" + UUID.randomUUID().toString().substring(0, 8);
  private RunningServer server;
  private NewCluster cluster;

  @BeforeEach
  void start() {
    Duration beat = Duration.ofSeconds(2);
    server =
        RunningServer.start(
            new ServerSettings(
                "127.0.0.1",
                0,
                null,
                URI.create("https://fleet.example.com"),
                null,
                new ServerSettings.Windows(beat, Duration.ofSeconds(65), Duration.ofSeconds(150)),
                null,
                Duration.ZERO));
    cluster =
        server
            .niro()
            .clusters()
            .create(
                new OrganizationId("default"),
                new ClusterSpec(mark, Environment.DEV, Map.of()),
                "test");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void a_cluster_enrolls_with_the_token_of_its_secret_and_shows_its_pods() throws Exception {
    try (FakeKubernetes kubernetes = FakeKubernetes.start()) {
      kubernetes.put(
          "{'kind':'Secret','metadata':{'name':'niro-agent','namespace':'niro-system'},'data':{'token':'%s'}}"
              .formatted(base64(cluster.enrollment().token())));
      kubernetes.put(
          "{'kind':'Pod','metadata':{'name':'web'},'spec':{'containers':[{'name':'app','image':'x'}]}}");
      Path config = Files.writeString(folder.resolve("config"), kubernetes.kubeconfig());
      NiroAgent agent = agent(config, Map.of());
      try {
        awaitTrue(() -> sees(Section.PODS, "web"));
        assertThat(status()).isEqualTo(ClusterStatus.HEALTHY);
        awaitTrue(() -> !secret(kubernetes).contains("\"token\""));
        assertThat(secret(kubernetes)).contains("agentKey");

        kubernetes.put("{'kind':'Node','metadata':{'name':'edge-1'}}");
        awaitTrue(() -> sees(Section.NODES, "edge-1"));
        kubernetes.delete("Pod", "default", "web");
        awaitTrue(() -> !sees(Section.PODS, "web"));
      } finally {
        agent.close();
      }
    }
  }

  private static String secret(FakeKubernetes kubernetes) {
    return String.valueOf(kubernetes.get("Secret", "niro-system", "niro-agent"));
  }

  @Test
  @EnabledIfEnvironmentVariable(
      named = "NIRO_TEST_KUBECONFIG",
      matches = ".+",
      disabledReason =
          "not run against a real API server: NIRO_TEST_KUBECONFIG names no kubeconfig")
  void the_installer_grants_what_the_agent_needs_and_uninstalling_leaves_nothing()
      throws Exception {
    try {
      install(Map.of("NIRO_TOKEN", cluster.enrollment().token()));
      kubectl("create", "namespace", mark);
      kubectl("-n", mark, "create", "deployment", "shop", "--image=example/shop:1");
      NiroAgent agent = agent(agentConfig(), Map.of());
      try {
        awaitTrue(() -> sees(Section.WORKLOADS, "shop"));
        ClusterSnapshot seen = snapshot();
        for (Section section : Section.values()) {
          State wanted = section == Section.METRICS ? State.OFF : State.COMPLETE;
          assertThat(seen.section(section).state()).as(section.wireName()).isEqualTo(wanted);
        }
        assertThat(seen.info().kubeSystemUid()).hasSize(36);
        assertThat(seen.info().capabilities().names()).containsExactly("pods");
        awaitTrue(() -> !secretOnCluster().contains("token\""));
      } finally {
        agent.close();
      }

      install(Map.of("NIRO_ENABLE_PODS", "0"));
      agent = agent(agentConfig(), Map.of("NIRO_ENABLE_PODS", "0"));
      try {
        awaitTrue(() -> snapshot().section(Section.PODS).state() == State.OFF);
        assertThat(snapshot().section(Section.NODES).state()).isEqualTo(State.COMPLETE);
        assertThat(snapshot().section(Section.EVENTS).state()).isEqualTo(State.COMPLETE);
        assertThat(snapshot().info().capabilities().names()).isEmpty();
      } finally {
        agent.close();
      }
    } finally {
      kubectl("delete", "namespace", mark, "niro-system", "--ignore-not-found", "--wait=true");
    }
    awaitTrue(
        () ->
            kubectl(
                    "get",
                    "clusterroles,clusterrolebindings,roles,rolebindings",
                    "-A",
                    "-o",
                    "name",
                    "-l",
                    "app.kubernetes.io/part-of=niro")
                .isBlank());
  }

  // ---------------------------------------------------------------- agent and server

  private NiroAgent agent(Path config, Map<String, String> more) throws IOException {
    Map<String, String> environment = new HashMap<>(more);
    environment.put("NIRO_SERVER", server.address().toString());
    environment.put("KUBECONFIG", config.toString());
    return KubernetesAgent.fromEnvironment(environment).start();
  }

  private boolean sees(Section section, String name) {
    return snapshot().objects().of(section).stream()
        .map(Resource::meta)
        .anyMatch(meta -> meta.name().equals(name));
  }

  private ClusterSnapshot snapshot() {
    ClusterId id = cluster.id();
    return server
        .niro()
        .fleet()
        .content(id)
        .map(content -> content.snapshot())
        .orElse(ClusterSnapshot.EMPTY);
  }

  private ClusterStatus status() {
    return server.niro().fleet().cluster(cluster.id()).orElseThrow().status();
  }

  private interface Check {
    boolean holds() throws Exception;
  }

  private static void awaitTrue(Check check) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!check.holds()) {
      assertThat(System.nanoTime()).as("within " + PATIENCE).isLessThan(end);
      Thread.sleep(100);
    }
  }

  // ---------------------------------------------------------------- the real API server

  /** No kubelet may be there to run the agent, so the script's own wait is kept short. */
  private void install(Map<String, String> more) throws Exception {
    HttpResponse<Path> script =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(server.address().resolve("/install.sh")).build(),
                HttpResponse.BodyHandlers.ofFile(folder.resolve("install.sh")));
    assertThat(script.statusCode()).isEqualTo(200);
    Map<String, String> environment = new HashMap<>(more);
    environment.put("NIRO_SERVER", server.address().toString().replaceAll("/$", ""));
    environment.put("NIRO_ALLOW_LOOPBACK", "1");
    environment.put("NIRO_WAIT_SECONDS", "1");
    environment.put("NIRO_K3S_FILE", "/nowhere");
    String output = run(List.of("sh", folder.resolve("install.sh").toString()), environment);
    assertThat(output).contains("Waiting up to 1 s for the agent's first heartbeat");
  }

  private Path agentConfig() throws Exception {
    String token = kubectl("-n", "niro-system", "create", "token", "niro-agent").strip();
    String admin = Files.readString(Path.of(System.getenv("NIRO_TEST_KUBECONFIG")));
    String own = admin.replaceAll("\\btoken: .*", "token: \"" + token + "\"");
    assertThat(own).as("a kubeconfig with a token").contains(token);
    return Files.writeString(folder.resolve("agent-config"), own);
  }

  private String secretOnCluster() throws Exception {
    return kubectl("-n", "niro-system", "get", "secret", "niro-agent", "-o", "jsonpath={.data}");
  }

  private String kubectl(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("kubectl"));
    command.addAll(List.of(arguments));
    return run(command, Map.of());
  }

  private String run(List<String> command, Map<String, String> environment) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("KUBECONFIG", System.getenv("NIRO_TEST_KUBECONFIG"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    return output;
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
