package cx.niro.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.agent.testkit.VirtualClusterSpec;
import cx.niro.agent.testkit.VirtualFleet;
import cx.niro.app.ExitCode;
import cx.niro.app.server.RunningServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line, a server and a simulated cluster, over real connections. */
class DeploymentScenarioTest {
  private static final String WEB =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: app, image: "web:latest"}]}
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: web}
      stringData: {password: hunter2}
      """;
  private static final String FAILING =
      """
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: broken, annotations: {niro.cx/virtual: fails}}
      """;

  private final RunningServer server = Servers.inMemory();
  private final Cli niro = new Cli(server.address(), Servers.ADMIN_TOKEN);
  private final VirtualFleet fleet =
      VirtualFleet.builder(server.address().toString())
          .options(options -> options.proxy(null).http2PriorKnowledge(true))
          .build();

  @TempDir Path folder;

  @BeforeEach
  void aCluster() {
    String token = niro.run("enroll", "lyon", "-o", "json").text("enrollment.token");
    fleet.add(VirtualClusterSpec.of(1, 5), token);
    Await.until(
        "the agent has told what it may do",
        () -> niro.run("get", "clusters", "-o", "json").out().contains("apply"));
  }

  @AfterEach
  void stop() {
    fleet.kill();
    server.close();
  }

  private void writes(String yaml) {
    try {
      Files.writeString(folder.resolve("web.yaml"), yaml);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Cli.Ran applies(String yaml) {
    writes(yaml);
    return niro.run("apply", "-f", folder.toString(), "-c", "lyon", "--name", "web", "--wait=20");
  }

  @Test
  void a_deployment_is_applied_compared_rolled_back_and_deleted() {
    Cli.Ran first = applies(WEB);
    assertThat(first.exitCode()).as(first.err()).isEqualTo(ExitCode.OK);
    assertThat(first.out())
        .contains("created Deployment default/web", "created Secret default/web")
        .contains("deployment web, revision 1: succeeded");
    assertThat(first.err()).contains("mutable-tag ns/default/Deployment/web");

    assertThat(applies(WEB).out()).contains("unchanged Deployment default/web", "revision 1");
    Cli.Ran changed = applies(WEB.replace("web:latest", "web:2"));
    assertThat(changed.out()).contains("configured Deployment default/web", "revision 2");
    assertThat(niro.run("get", "deployments").out())
        .containsPattern("lyon +web +default +2 +succeeded +in_sync +\\d+s");
    assertThat(niro.run("diff", "web", "-c", "lyon").out()).startsWith("web: in_sync");

    Cli.Ran back = niro.run("rollback", "web", "--to", "1", "-c", "lyon", "--wait");
    assertThat(back.out()).contains("configured Deployment default/web", "revision 3: succeeded");
    Cli.Ran described = niro.run("describe", "deployment", "web", "-c", "lyon");
    assertThat(described.out()).contains("applyStatus: succeeded", "REVISION");
    Cli.Ran yaml = niro.run("describe", "deployment", "web", "-c", "lyon", "-o", "yaml");
    assertThat(yaml.out()).contains("niro-hash:").doesNotContain("hunter2");

    Cli.Ran deleted = niro.run("delete", "deployment", "web", "-c", "lyon", "--wait");
    assertThat(deleted.out()).isEqualTo("deployment web: deleted\n");
    assertThat(niro.run("describe", "deployment", "web", "-c", "lyon").exitCode())
        .isEqualTo(ExitCode.NOT_FOUND);
  }

  @Test
  void a_failure_in_part_is_told_by_the_exit_code_and_as_an_incident_until_it_is_mended() {
    Cli.Ran failed = applies(WEB + FAILING);
    assertThat(failed.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(failed.out())
        .contains("failed ConfigMap default/broken: this object was asked to fail");
    assertThat(failed.err())
        .contains("the apply ended partial: 1 of 3 objects failed: ConfigMap default/broken");
    assertThat(niro.run("get", "incidents", "-o", "wide").out()).contains("managed/web");

    assertThat(applies(WEB).exitCode()).isEqualTo(ExitCode.OK);
    assertThat(niro.run("get", "incidents", "-f", "state=firing").out())
        .doesNotContain("managed/web");
  }

  @Test
  void what_is_wrong_with_a_file_is_told_with_its_line_and_changes_nothing() {
    Cli.Ran refused = applies(WEB + "---\nkind: Pod\n");
    assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(refused.err()).contains("web.yaml, document 3, line 15: apiVersion");
    assertThat(niro.run("get", "deployments").out()).doesNotContain("web");
    assertThat(niro.run("delete").exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(niro.run("describe").exitCode()).isEqualTo(ExitCode.USAGE);
  }
}
