package cx.niro.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.agent.NiroAgent;
import cx.niro.agent.kubernetes.KubernetesAgent;
import cx.niro.agent.testkit.FakeKubernetes;
import cx.niro.app.ExitCode;
import cx.niro.app.server.RunningServer;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From files to objects: command line, server, the Kubernetes agent and a stand-in API server. */
class ManagedAgentScenarioTest {
  private static final String WEB =
      """
      apiVersion: v1
      kind: Namespace
      metadata: {name: shop}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: web}
      data: {color: blue}
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: web}
      stringData: {password: hunter2}
      """;

  private final RunningServer server = Servers.inMemory();
  private final Cli niro = new Cli(server.address(), Servers.ADMIN_TOKEN);
  private final FakeKubernetes kubernetes = FakeKubernetes.start();
  private NiroAgent agent;

  @TempDir Path folder;

  @BeforeEach
  void anAgent() throws IOException {
    kubernetes.put(
        "{'kind':'Secret','metadata':{'name':'niro-agent','namespace':'niro-system'},'data':{}}");
    kubernetes.put("{'kind':'Namespace','metadata':{'name':'niro-system'}}");
    Path config = Files.writeString(folder.resolve("config"), kubernetes.kubeconfig());
    Map<String, String> environment = new HashMap<>();
    environment.put("NIRO_SERVER", server.address().toString());
    environment.put("KUBECONFIG", config.toString());
    environment.put("NIRO_ENABLE_APPLY", "1");
    environment.put(
        "NIRO_TOKEN", niro.run("enroll", "lyon", "-o", "json").text("enrollment.token"));
    agent = KubernetesAgent.fromEnvironment(environment).proxy(null).start();
    Await.until(
        "the agent has told what it may do",
        () -> niro.run("get", "clusters", "-o", "json").out().contains("\"apply\""));
  }

  @AfterEach
  void stop() {
    agent.close();
    server.close();
    kubernetes.close();
  }

  @Test
  void drift_is_seen_without_asking_opens_an_incident_and_goes_with_the_next_apply()
      throws IOException {
    assertThat(applies(WEB).exitCode()).isEqualTo(ExitCode.OK);
    kubernetes.put(
        "{'kind':'ConfigMap','metadata':{'name':'web','namespace':'shop'},'data':{'color':'green'}}");
    Await.until("drift", () -> niro.run("get", "deployments").out().contains("drifted"));
    assertThat(niro.run("get", "incidents").out()).doesNotContain("drift_detected");
    Await.until("an incident", () -> niro.run("get", "incidents").out().contains("drift_detected"));
    assertThat(applies(WEB).exitCode()).isEqualTo(ExitCode.OK);
    assertThat(niro.run("get", "incidents").out()).containsPattern("resolved .*drift_detected");
    assertThat(niro.run("get", "deployments").out()).contains("in_sync");
  }

  private Cli.Ran applies(String yaml) throws IOException {
    Path file = Files.writeString(folder.resolve("web.yaml"), yaml);
    return niro.run(
        "apply", "-f", file.toString(), "-c", "lyon", "--name", "web", "-n", "shop", "--wait=60");
  }

  private String stored(String kind) {
    return String.valueOf(kubernetes.get(kind, "shop", "web"));
  }

  @Test
  void what_files_say_becomes_objects_drift_is_seen_and_taken_back_and_all_of_it_goes()
      throws IOException {
    Cli.Ran first = applies(WEB);
    assertThat(first.exitCode()).as(first.out() + first.err()).isEqualTo(ExitCode.OK);
    assertThat(first.out()).contains("created ConfigMap shop/web", "created Secret shop/web");
    assertThat(stored("ConfigMap")).contains("blue");
    assertThat(applies(WEB).out()).contains("unchanged ConfigMap shop/web");

    kubernetes.put(
        "{'kind':'ConfigMap','metadata':{'name':'web','namespace':'shop'},'data':{'color':'green'}}");
    Cli.Ran drifted = niro.run("diff", "web", "-c", "lyon");
    assertThat(drifted.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(drifted.out()).startsWith("web: drifted").contains("ConfigMap shop/web");
    assertThat(drifted.out()).doesNotContain("hunter2");
    assertThat(niro.run("get", "deployments").out()).contains("drifted");

    Cli.Ran reverted = applies(WEB);
    assertThat(reverted.exitCode()).as(reverted.out() + reverted.err()).isEqualTo(ExitCode.OK);
    assertThat(stored("ConfigMap")).contains("blue");

    Cli.Ran without = applies(WEB.substring(0, WEB.lastIndexOf("---")));
    assertThat(without.out()).contains("pruned Secret shop/web");
    assertThat(kubernetes.get("Secret", "shop", "web")).isNull();

    Cli.Ran deleted = niro.run("delete", "deployment", "web", "-c", "lyon", "--wait");
    assertThat(deleted.exitCode()).as(deleted.err()).isEqualTo(ExitCode.OK);
    assertThat(kubernetes.get("ConfigMap", "shop", "web")).isNull();
    assertThat(kubernetes.get("Namespace", null, "shop")).as("kept without removeData").isNotNull();
  }

  private void edits(String manager, String color) throws Exception {
    String token = kubernetes.kubeconfig().replaceAll("(?s).*\\btoken: \"?([^\"\\s]+).*", "$1");
    HttpRequest patch =
        HttpRequest.newBuilder(
                kubernetes
                    .url()
                    .resolve("/api/v1/namespaces/shop/configmaps/web?fieldManager=" + manager))
            .header("Content-Type", "application/merge-patch+json")
            .header("Authorization", "Bearer " + token)
            .method(
                "PATCH",
                HttpRequest.BodyPublishers.ofString(
                    "{\"data\":{\"color\":\"%s\"}}".formatted(color)))
            .build();
    assertThat(
            HttpClient.newHttpClient()
                .send(patch, HttpResponse.BodyHandlers.discarding())
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void fields_of_kubectl_are_taken_over_when_somebody_at_the_terminal_says_yes() throws Exception {
    applies(WEB);
    edits("kubectl-edit", "green");
    Cli.Ran unasked = applies(WEB.replace("blue", "red"));
    assertThat(unasked.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(unasked.err())
        .contains("fields belong to kubectl-edit: take them over with --adopt");
    niro.answers("n");
    assertThat(applies(WEB.replace("blue", "red")).exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(niro.questions().get(1))
        .isEqualTo(
            """
            Only kubectl owns what is in the way:
              ConfigMap shop/web: .data.color (kubectl-edit)
            Take these fields over? [y/N]\s""");
    assertThat(stored("ConfigMap")).contains("green");

    niro.answers("y");
    Cli.Ran adopted = applies(WEB.replace("blue", "red"));
    assertThat(adopted.exitCode()).as(adopted.out() + adopted.err()).isEqualTo(ExitCode.OK);
    assertThat(stored("ConfigMap")).contains("red");
  }

  @Test
  void nobody_is_asked_about_the_fields_of_others() throws Exception {
    applies(WEB);
    edits("operator", "green");
    niro.answers("y");
    Cli.Ran refused = applies(WEB.replace("blue", "red"));
    assertThat(refused.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(refused.err())
        .contains("fields belong to operator: take them over with --force-conflicts");
    assertThat(niro.questions()).isEmpty();
  }

  @Test
  void nothing_is_taken_over_when_another_revision_came_while_somebody_was_asked()
      throws Exception {
    applies(WEB);
    edits("kubectl-edit", "green");
    Path other = Files.writeString(folder.resolve("other.yaml"), WEB.replace("blue", "black"));
    Cli rival = new Cli(server.address(), Servers.ADMIN_TOKEN);
    niro.answersAfter(
        () ->
            rival.run("apply", "-f", other.toString(), "-c", "lyon", "--name", "web", "-n", "shop"),
        "y");

    Cli.Ran ran = applies(WEB.replace("blue", "red"));

    assertThat(ran.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(ran.err()).contains("revision 2 was asked about, and by now revision 3 is wanted");
    assertThat(stored("ConfigMap")).contains("green");
  }
}
