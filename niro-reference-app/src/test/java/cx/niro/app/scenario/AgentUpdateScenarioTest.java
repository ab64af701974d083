package cx.niro.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.agent.NiroAgent;
import cx.niro.agent.kubernetes.KubernetesAgent;
import cx.niro.agent.testkit.FakeKubernetes;
import cx.niro.app.ExitCode;
import cx.niro.app.server.RunningServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code niro update agent}, a server, the Kubernetes agent and a stand-in API server. */
class AgentUpdateScenarioTest {
  private static final String DIGEST = "sha256:" + "7".repeat(64);

  private final RunningServer server = Servers.inMemory();
  private final Cli niro = new Cli(server.address(), Servers.ADMIN_TOKEN);
  private final FakeKubernetes kubernetes = FakeKubernetes.start();
  private NiroAgent agent;

  @TempDir Path folder;

  @BeforeEach
  void anAgentAndAClusterWithoutOne() throws IOException {
    kubernetes.put(
        "{'kind':'Secret','metadata':{'name':'niro-agent','namespace':'niro-system'},'data':{}}");
    deployment("example/agent:1", "");
    Map<String, String> environment = new HashMap<>();
    environment.put("NIRO_SERVER", server.address().toString());
    environment.put(
        "KUBECONFIG",
        Files.writeString(folder.resolve("config"), kubernetes.kubeconfig()).toString());
    environment.put("NIRO_ENABLE_SELF_UPDATE", "1");
    environment.put(
        "NIRO_TOKEN",
        niro.run("enroll", "lyon", "--env", "staging", "-o", "json").text("enrollment.token"));
    agent = KubernetesAgent.fromEnvironment(environment).proxy(null).start();
    niro.run("enroll", "oslo", "--label", "site=north");
    Await.until(
        "the agent has told what it may do",
        () -> niro.run("get", "clusters", "-o", "json").out().contains("\"selfUpdate\""));
  }

  private void deployment(String image, String status) {
    kubernetes.put(
        """
        {'kind':'Deployment','metadata':{'name':'niro-agent','namespace':'niro-system'},
         'spec':{'replicas':1,'template':{'spec':{'containers':[{'name':'agent','image':'%s'}]}}},
         'status':{%s}}
        """
            .formatted(image, status));
  }

  private String image() {
    return String.valueOf(kubernetes.get("Deployment", "niro-system", "niro-agent"));
  }

  @AfterEach
  void stop() {
    agent.close();
    server.close();
    kubernetes.close();
  }

  @Test
  void an_agent_is_given_another_image_and_the_command_waits_until_it_runs() throws Exception {
    assertThat(niro.run("update", "agent", "lyon").out()).containsPattern("lyon +never");
    CompletableFuture<Cli.Ran> waiting =
        CompletableFuture.supplyAsync(
            () -> niro.run("update", "agent", "lyon", "--to", DIGEST, "--wait=60"));
    Await.until("the image is changed", () -> image().contains("example/agent@" + DIGEST));
    Await.until(
        "it is told",
        () -> niro.run("update", "agent", "lyon").out().matches("(?s).*lyon +rolling.*"));
    assertThat(waiting).isNotDone();
    deployment(
        "example/agent@" + DIGEST,
        "'updatedReplicas':1,'availableReplicas':1,'unavailableReplicas':0");

    Cli.Ran done = waiting.get(60, TimeUnit.SECONDS);
    assertThat(done.exitCode()).as(done.err()).isEqualTo(ExitCode.OK);
    assertThat(done.out()).containsPattern("lyon +done +example/agent@" + DIGEST);
  }

  @Test
  void a_rollback_is_a_failure_with_its_reason() throws Exception {
    CompletableFuture<Cli.Ran> waiting =
        CompletableFuture.supplyAsync(
            () -> niro.run("update", "agent", "-e", "staging", "--to", DIGEST, "--wait=60"));
    Await.until("the image is changed", () -> image().contains(DIGEST));
    deployment(
        "example/agent@" + DIGEST,
        "'conditions':[{'type':'Progressing','status':'False','reason':'ProgressDeadlineExceeded','message':'timed out'}]");
    Cli.Ran ended = waiting.get(60, TimeUnit.SECONDS);
    assertThat(ended.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(ended.out()).containsPattern("lyon +rolled_back").contains("timed out");
    assertThat(ended.err()).contains("1 of 1 agents are not updated; see REASON");
  }

  @Test
  void a_selection_tells_which_clusters_cannot_and_stops_no_other() {
    Cli.Ran offered = niro.run("update", "agent", "--all", "--to", DIGEST);
    assertThat(offered.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(offered.out())
        .containsPattern("lyon +(offered|rolling)")
        .containsPattern("oslo +refused .*selfUpdate");
    assertThat(offered.err()).contains("1 of 2 agents are not updated");
    Cli.Ran north = niro.run("update", "agent", "-l", "site=north");
    assertThat(north.out()).contains("oslo").doesNotContain("lyon");
    assertThat(niro.run("update", "agent", "lyon", "--to", DIGEST, "--wait=1").exitCode())
        .isEqualTo(ExitCode.TIMED_OUT);
  }

  @Test
  void which_agents_must_be_said_and_a_tag_is_no_digest() {
    assertThat(niro.run("update").exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(niro.run("update", "agent").exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(niro.run("update", "agent", "lyon", "--all").exitCode()).isEqualTo(ExitCode.USAGE);
    Cli.Ran tag = niro.run("update", "agent", "lyon", "--to", "latest");
    assertThat(tag.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(tag.err()).contains("digest", "sha256:");
  }

  @Test
  void waiting_for_clusters_that_were_offered_nothing_is_no_failure() {
    Cli.Ran ran = niro.run("update", "agent", "--all", "--wait=1");
    assertThat(ran.out()).containsPattern("lyon +never").containsPattern("oslo +never");
    assertThat(ran.exitCode()).as(ran.err()).isEqualTo(ExitCode.OK);
  }
}
