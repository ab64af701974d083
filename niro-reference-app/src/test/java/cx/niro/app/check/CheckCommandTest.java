package cx.niro.app.check;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.app.Json;
import cx.niro.app.Main;
import cx.niro.app.cli.Document;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CheckCommandTest {
  private static final String NOW = "2026-03-01T12:00:00Z";

  private static final String NODE =
      """
      {"apiVersion": "v1", "kind": "Node",
       "metadata": {"name": "n1", "uid": "u-n1", "creationTimestamp": "2026-01-01T00:00:00Z"},
       "status": {"nodeInfo": {"kubeletVersion": "v1.33.5+k3s1"},
         "conditions": [{"type": "Ready", "status": "False", "reason": "KubeletNotReady",
           "lastTransitionTime": "%s"}]}}""";

  private static final String MANIFESTS =
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: settings}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: web
      spec:
        replicas: 1
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec:
            containers:
              - name: web
                image: registry.example.com:5000/web
                securityContext: {privileged: true}
      """;

  @TempDir Path folder;

  private record Run(int exit, String out, String err) {
    Document json() {
      return Document.of(Json.parse(out));
    }
  }

  private Run check(String file, String text, String... more) throws IOException {
    Path path = Files.writeString(folder.resolve(file), text);
    List<String> arguments = new ArrayList<>(List.of("check", "-f", path.toString()));
    arguments.addAll(List.of(more));
    if (!arguments.contains("--now")) {
      arguments.addAll(List.of("--now", NOW));
    }
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return new Run(line.execute(arguments.toArray(String[]::new)), out.toString(), err.toString());
  }

  private static String list(String... items) {
    return "{\"kind\": \"List\", \"items\": [" + String.join(",", items) + "]}";
  }

  @Test
  void values_of_a_wrong_type_are_told() throws Exception {
    String wrong =
        MANIFESTS
            .replace("replicas: 1", "replicas: three")
            .replace("privileged: true", "privileged: \"yes\"")
            .replace(
                "image: registry",
                "resources: {limits: {memory: 12 pigs}}\n          image: registry");
    Run run = check("wrong.yaml", wrong);
    assertThat(run.err().lines())
        .contains(
            "niro: Deployment web: spec.replicas is not a whole number; read as if it were not there")
        .anyMatch(line -> line.contains("containers[].securityContext.privileged is not true or"))
        .anyMatch(line -> line.contains("containers[].resources.limits.memory is not an amount"));
    assertThat(check("right.yaml", MANIFESTS).err()).isEmpty();
  }

  @Test
  void a_node_that_is_not_ready_for_long_enough_fires() throws Exception {
    Run run = check("dump.json", list(NODE.formatted("2026-03-01T11:57:59Z")), "-o", "json");
    assertThat(run.exit()).isEqualTo(1);
    Document incident = run.json().documents("incidents").get(0);
    assertThat(incident.members())
        .containsEntry("type", "node_not_ready")
        .containsEntry("scope", "node/n1")
        .containsEntry("state", "firing")
        .containsEntry("since", "2026-03-01T11:57:59Z");
  }

  @Test
  void one_that_is_not_ready_for_a_shorter_time_is_pending_and_fails_nothing() throws Exception {
    Run run = check("dump.json", list(NODE.formatted("2026-03-01T11:58:01Z")), "-o", "json");
    assertThat(run.exit()).isZero();
    assertThat(run.json().documents("incidents").get(0).text("state")).contains("pending");
  }

  @Test
  void manifests_are_held_against_policies_and_never_called_broken() throws Exception {
    Run run = check("web.yaml", MANIFESTS, "--environment", "production", "-o", "json");
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.json().documents("incidents")).isEmpty();
    assertThat(run.json().documents("findings"))
        .filteredOn(finding -> finding.text("scope").orElse("").equals("ns/default/Deployment/web"))
        .extracting(finding -> finding.text("rule").orElse(""))
        .contains("privileged-container", "mutable-tag", "single-replica", "missing-health-probes");
    assertThat(run.json().value("otherKinds.ConfigMap")).isEqualTo(1L);
  }

  @Test
  void people_get_tables_with_the_worst_first() throws Exception {
    Run run = check("all.json", list(NODE.formatted("2026-03-01T10:00:00Z")), "--fail-on", "none");
    assertThat(run.exit()).isZero();
    assertThat(run.out().lines())
        .first()
        .asString()
        .startsWith("STATE    SEVERITY   INCIDENT         SCOPE");
    assertThat(run.out()).contains("firing   high       node_not_ready   node/n1", "No finding.");
  }

  @Test
  void the_conservative_profile_waits_longer() throws Exception {
    String dump = list(NODE.formatted("2026-03-01T11:50:00Z"));
    assertThat(check("dump.json", dump).exit()).isEqualTo(1);
    assertThat(check("dump.json", dump, "--detection-profile", "conservative").exit()).isZero();
  }

  @Test
  void what_cannot_be_read_is_named_by_file_and_document() throws Exception {
    assertThat(check("broken.yaml", "kind: Pod\n---\n{a: [").err())
        .contains("broken.yaml, document 2, line 3:");
    assertThat(check("none.yaml", "kind: Pod\nmetadata: {}\n").err())
        .contains("none.yaml, document 1, line 1: a Pod: metadata.name is missing or too long");
    assertThat(check("text.yaml", "hello").err()).contains("is no Kubernetes object");
    assertThat(check("values.yaml", "replicaCount: 1").err())
        .contains("values.yaml, document 1, line 1: an object has no kind");
    assertThat(check("odd.json", list("null", "7")).err()).contains("an object has no kind");
    assertThat(check("empty.yaml", "").err()).contains("no object in");
    assertThat(check("bomb.yaml", bomb()).exit()).isEqualTo(2);
    assertThat(check("dump.json", list(NODE), "--now", "noon").err()).contains("--now must be");
  }

  private static String bomb() {
    StringBuilder text = new StringBuilder("a0: &a0 [x, x]\n");
    for (int i = 1; i < 60; i++) {
      text.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    return text.toString();
  }

  @Test
  void folders_are_read_at_any_depth() throws Exception {
    Files.createDirectories(folder.resolve("apps/web"));
    Files.writeString(folder.resolve("apps/web/web.yml"), MANIFESTS);
    Files.writeString(folder.resolve("apps/README.md"), "# not an object");
    StringWriter out = new StringWriter();
    CommandLine line = Main.commandLine().setOut(new PrintWriter(out));
    line.execute("check", "-f", folder.toString(), "-o", "json");
    assertThat(Document.of(Json.parse(out.toString())).documents("findings")).isNotEmpty();
  }
}
