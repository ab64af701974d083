package cx.niro.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.agent.NiroAgent;
import cx.niro.agent.kubernetes.KubernetesAgent;
import cx.niro.app.access.Access;
import cx.niro.app.server.RunningServer;
import cx.niro.core.Environment;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.managed.ApplyOptions;
import cx.niro.core.managed.DriftState;
import cx.niro.server.Clusters.ClusterSpec;
import cx.niro.server.Clusters.NewCluster;
import cx.niro.server.Deployments;
import cx.niro.server.manifest.ManifestFile;
import cx.niro.server.manifest.ManifestSet;
import cx.niro.server.spi.DeploymentRow;
import cx.niro.server.spi.DeploymentRow.Status;
import cx.niro.server.spi.IncidentFilter;
import cx.niro.server.spi.IncidentRow;
import cx.niro.server.spi.Page;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** Others change what is managed on a real API server; each wait has 30 seconds. */
@EnabledIfEnvironmentVariable(
    named = RealDriftScenarioTest.KUBECONFIG,
    matches = ".+",
    disabledReason = "not run against a real API server: NIRO_TEST_KUBECONFIG names no kubeconfig")
class RealDriftScenarioTest {
  static final String KUBECONFIG = "NIRO_TEST_KUBECONFIG";

  private static final String YAML =
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: edited}
      data: {color: blue}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: deleted}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: taken}
      spec:
        replicas: 1
        selector: {matchLabels: {app: taken}}
        template:
          metadata: {labels: {app: taken}}
          spec: {containers: [{name: app, image: "registry.example.com/app:1"}]}
      """;

  private final String home = "niro-test-" + UUID.randomUUID().toString().substring(0, 8);
  private final String shop = home + "-shop";
  private final RunningServer server = Servers.inMemory();
  private NewCluster cluster;
  private NiroAgent agent;

  @TempDir Path folder;

  @BeforeEach
  void start() throws Exception {
    cluster =
        server
            .niro()
            .clusters()
            .create(
                Access.ORGANIZATION, new ClusterSpec("lab", Environment.PRODUCTION, Map.of()), "t");
    kubectl("create", "namespace", home);
    kubectl("create", "namespace", shop);
    kubectl("-n", home, "create", "secret", "generic", "niro-agent");
    agent =
        KubernetesAgent.fromEnvironment(
                Map.of(
                    "NIRO_SERVER",
                    server.address().toString(),
                    "NIRO_TOKEN",
                    cluster.enrollment().token(),
                    "NIRO_ENABLE_APPLY",
                    "1",
                    "NIRO_NAMESPACE",
                    home,
                    "KUBECONFIG",
                    System.getenv(KUBECONFIG)))
            .proxy(null)
            .start();
    Await.until("the agent may apply", this::mayApply);
  }

  @AfterEach
  void stop() throws Exception {
    agent.close();
    server.close();
    kubectl("delete", "namespace", home, shop, "--ignore-not-found", "--wait=false");
  }

  @Test
  void an_edit_a_deletion_and_another_manager_are_seen_and_reverted() throws Exception {
    ManifestSet set = ManifestSet.parse(List.of(new ManifestFile("all.yaml", YAML)), shop);
    deployments()
        .put(
            cluster.id(),
            new Deployments.Spec("web", shop, set, List.of()),
            ApplyOptions.CAREFUL,
            "t");
    applied();

    kubectl("-n", shop, "scale", "deployment", "taken", "--replicas=3");
    kubectl("-n", shop, "annotate", "configmap", "edited", "audit.example.com/checked=yes");
    assertThat(applyAs("operator", "registry.example.com/app:2", false))
        .as("without force")
        .contains("conflict");

    seen("edited", () -> patch("edited"));
    seen("deleted", () -> kubectl("-n", shop, "delete", "configmap", "deleted"));
    seen("operator", () -> applyAs("operator", "registry.example.com/app:2", true));
  }

  private interface Deed {
    void run() throws Exception;
  }

  private void seen(String evidence, Deed deed) throws Exception {
    assertThat(row().drift().state()).as("before " + evidence).isEqualTo(DriftState.IN_SYNC);
    deed.run();
    Await.until(evidence + " is seen", () -> row().drift().state() == DriftState.DRIFTED);
    Await.until(evidence + " opens an incident", () -> !open().isEmpty());
    assertThat(open().get(0).what().type()).isEqualTo(IncidentType.DRIFT_DETECTED);
    assertThat(open().get(0).telling().evidence().get("objects"))
        .allSatisfy(line -> assertThat(line).contains(evidence));
    deployments().apply(cluster.id(), "web", new ApplyOptions(false, true, false, List.of()), "t");
    applied();
    assertThat(open()).isEmpty();
  }

  private String patch(String name) throws Exception {
    return kubectl(
        "-n",
        shop,
        "patch",
        "configmap",
        name,
        "--type=merge",
        "-p",
        "{\"data\":{\"color\":\"red\"}}");
  }

  private String applyAs(String manager, String image, boolean force) throws Exception {
    Path file = folder.resolve("taken.yaml");
    String deployment = YAML.substring(YAML.lastIndexOf("---"));
    Files.writeString(
        file, deployment.replace("registry.example.com/app:1", image).replace("replicas: 1", ""));
    return kubectl(
        "-n",
        shop,
        "apply",
        "--server-side",
        "--force-conflicts=" + force,
        "--field-manager=" + manager,
        "-f",
        file.toString());
  }

  private void applied() {
    Await.until("the apply has ended", () -> row().applied().status() != Status.PENDING);
    assertThat(row().applied().status())
        .as("%s", row().applied().reason())
        .isEqualTo(Status.SUCCEEDED);
  }

  private Deployments deployments() {
    return server.niro().deployments();
  }

  private DeploymentRow row() {
    return deployments().find(cluster.id(), "web").orElseThrow().deployment();
  }

  private List<IncidentRow> open() {
    return server
        .niro()
        .incidents()
        .list(Set.of(cluster.id()), IncidentFilter.FIRING, Page.Request.FIRST)
        .items()
        .stream()
        .filter(row -> row.what().scope().value().equals("managed/web"))
        .toList();
  }

  private boolean mayApply() {
    return server
        .niro()
        .fleet()
        .cluster(cluster.id())
        .filter(view -> view.info().capabilities().has("apply"))
        .isPresent();
  }

  private static String kubectl(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("kubectl"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("KUBECONFIG", System.getenv(KUBECONFIG));
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    return output;
  }
}
