package cx.niro.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the installer with a kubectl that writes down what it is asked and answers from files. */
class InstallScriptsTest {
  private static final String SERVER = "https://fleet.example.com";
  private static final String TOKEN = "niro_et_" + "0123456789abc".repeat(5);

  @TempDir Path folder;

  private final List<String> environment = new ArrayList<>();

  private record Run(int exit, String output, List<String> calls, String applied) {}

  @BeforeEach
  void install_stub() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "no POSIX shell here");
    // Each call is one line in "calls"; what came through a pipe is added to "applied".
    String stub =
        """
        #!/bin/sh
        printf '%s\\n' "$*" >> "$STUB/calls"
        case "$*" in
          *"--kubeconfig="*"config view"*) cat "$STUB/k3s-server" ;;
          *"config view"*) cat "$STUB/server" 2>/dev/null ;;
          *"config current-context"*) echo edge-1 ;;
          *"get nodes"*) printf 'node-a\\nnode-b\\n' ;;
          *"auth can-i"*) exit "${STUB_CAN_I:-0}" ;;
          *"get secret"*) [ -f "$STUB/secret" ] ;;
          *"get configmap"*) [ -f "$STUB/ca" ] ;;
          *"create configmap"*) echo "kind: ConfigMap" ;;
          *"get namespace"*) printf '11111111-2222-3333-4444-555555555555' ;;
          *"containers[0].image"*) cat "$STUB/image" 2>/dev/null ;;
          *"get deployment"*) cat "$STUB/stamp" 2>/dev/null ;;
          *"get service kubernetes"*) printf 10.96.0.1 ;;
          *"rollout status"*) exit "${STUB_ROLLOUT:-0}" ;;
          *" -f -"* | *"/dev/stdin"*) echo "# $*" >> "$STUB/applied"; cat >> "$STUB/applied" ;;
        esac
        """;
    Path bin = Files.createDirectories(folder.resolve("bin"));
    Files.writeString(bin.resolve("kubectl"), stub);
    assertThat(bin.resolve("kubectl").toFile().setExecutable(true)).isTrue();
    Files.writeString(folder.resolve("server"), "https://10.0.0.1:6443");
    Files.writeString(
        folder.resolve("install.sh"), InstallScripts.installSh(SERVER, "example/agent:1"));
    environment.add("PATH=" + bin + ":/usr/bin:/bin");
    environment.add("STUB=" + folder);
    environment.add("NIRO_K3S_FILE=" + folder.resolve("k3s.yaml"));
  }

  private Run run(String... more) throws Exception {
    List<String> command = new ArrayList<>(List.of("/usr/bin/env", "-i"));
    command.addAll(environment);
    command.addAll(List.of(more));
    command.addAll(List.of("/bin/sh", folder.resolve("install.sh").toString()));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).directory(folder.toFile()).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return new Run(
        process.exitValue(), output, lines("calls"), String.join("\n", lines("applied")));
  }

  private List<String> lines(String file) throws IOException {
    Path path = folder.resolve(file);
    return Files.exists(path) ? Files.readAllLines(path) : List.of();
  }

  @Test
  void a_new_cluster_gets_namespace_secret_grants_and_agent_in_this_order() throws Exception {
    Run run = run("NIRO_TOKEN=" + TOKEN);
    assertThat(run.exit()).as(run.output()).isZero();
    assertThat(run.output())
        .contains("API server: https://10.0.0.1:6443", "Nodes:      node-a node-b", "edge-1");
    assertThat(run.applied())
        .containsSubsequence(
            "kind: Namespace",
            "pod-security.kubernetes.io/enforce: restricted",
            "\"kind\": \"Secret\"",
            "name: niro-agent-pods",
            "kind: Deployment",
            "image: \"example/agent:1\"",
            "value: \"https://fleet.example.com\"");
    assertThat(run.applied()).doesNotContain("#OWNER", "%", "niro-agent-logs");
    assertThat(run.calls()).filteredOn(call -> call.contains(TOKEN)).isEmpty();
  }

  @Test
  void what_lies_outside_the_namespace_is_owned_by_it() throws Exception {
    String applied =
        run("NIRO_TOKEN=" + TOKEN, "NIRO_ENABLE_LOGS=1", "NIRO_ENABLE_APPLY=1").applied();
    List<String> outside =
        applied.lines().filter(line -> line.matches("kind: ClusterRole(Binding)?")).toList();
    long owners =
        applied
            .lines()
            .filter(line -> line.contains("name: niro-system, uid: \"11111111-2222"))
            .count();
    assertThat(owners).isEqualTo(outside.size() + 2);
  }

  @Test
  void without_the_grant_pods_its_role_is_taken_away() throws Exception {
    Run run = run("NIRO_TOKEN=" + TOKEN, "NIRO_ENABLE_PODS=0");
    assertThat(run.applied()).doesNotContain("name: niro-agent-pods");
    assertThat(run.calls())
        .contains(
            "delete --ignore-not-found clusterrolebinding/niro-agent-pods clusterrole/niro-agent-pods");
    assertThat(run.applied()).contains("{name: NIRO_ENABLE_PODS, value: \"0\"}");
  }

  @Test
  void an_installed_agent_keeps_its_secret_and_gets_a_new_token_patched_in() throws Exception {
    Files.writeString(folder.resolve("secret"), "");
    Run run = run("NIRO_TOKEN=" + TOKEN);
    assertThat(run.applied())
        .contains("{\"stringData\": {\"token\": \"" + TOKEN + "\"}}")
        .doesNotContain("\"kind\": \"Secret\"");
    assertThat(run.applied()).containsPattern("niro.cx/token: \"20\\d\\d-");
  }

  @Test
  void an_installed_agent_needs_no_token_and_is_not_restarted_for_one() throws Exception {
    Files.writeString(folder.resolve("secret"), "");
    Files.writeString(folder.resolve("stamp"), "2026-01-05T08:00:00Z");
    Run run = run();
    assertThat(run.exit()).as(run.output()).isZero();
    assertThat(run.applied()).contains("niro.cx/token: \"2026-01-05T08:00:00Z\"");
  }

  @Test
  void an_image_that_the_agent_has_updated_itself_to_is_kept() throws Exception {
    String updated = "example/agent@sha256:" + "a".repeat(64);
    Files.writeString(folder.resolve("image"), updated);
    assertThat(run("NIRO_TOKEN=" + TOKEN).applied()).contains("image: \"" + updated + "\"");
  }

  @Test
  void an_agent_that_does_not_report_ends_with_its_events_and_an_error() throws Exception {
    Run run = run("NIRO_TOKEN=" + TOKEN, "STUB_ROLLOUT=1", "NIRO_WAIT_SECONDS=1");
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.output()).contains("the agent did not report within 1 s");
    assertThat(run.calls()).anyMatch(call -> call.contains("get events"));
  }

  @Test
  void two_clusters_to_choose_from_stop_it() throws Exception {
    Files.writeString(folder.resolve("k3s.yaml"), "");
    Files.writeString(folder.resolve("k3s-server"), "https://127.0.0.1:6443");
    Run stopped = run("NIRO_TOKEN=" + TOKEN);
    assertThat(stopped.exit()).isEqualTo(1);
    assertThat(stopped.output())
        .contains("context 'edge-1' leads to https://10.0.0.1:6443")
        .contains("k3s at https://127.0.0.1:6443")
        .contains("NIRO_CONTEXT=k3s");
    assertThat(stopped.applied()).isEmpty();
    assertThat(run("NIRO_TOKEN=" + TOKEN, "NIRO_CONTEXT=k3s").exit()).isZero();
    assertThat(run("NIRO_TOKEN=" + TOKEN, "NIRO_CONTEXT=edge-1").calls())
        .anyMatch(call -> call.startsWith("--context=edge-1 apply"));
  }

  @Test
  void bad_input_stops_it_before_anything_is_asked() throws Exception {
    Map<String, String> cases =
        Map.of(
            "NIRO_TOKEN=niro_et_cut", "Was it cut off",
            "NIRO_SERVER=https://127.0.0.1:8443", "means the machine itself",
            "NIRO_SERVER=http://fleet.example.com", "has no TLS",
            "NIRO_SERVER=https://x\"; echo hi", "NIRO_SERVER must be",
            "NIRO_SERVER=https://x|e date", "NIRO_SERVER must be",
            "NIRO_AGENT_IMAGE=a b", "is no image",
            "NIRO_AGENT_IMAGE=x|w /tmp/y", "is no image",
            "NIRO_ENABLE_LOGS=yes", "must be 0 or 1",
            "NIRO_APPLY_SCOPE=all", "namespaced or admin",
            "NIRO_WAIT_SECONDS=1\n2", "must be one line");
    for (var bad : cases.entrySet()) {
      Run run = run("NIRO_TOKEN=" + TOKEN, bad.getKey());
      assertThat(run.exit()).as(bad.getKey()).isEqualTo(1);
      assertThat(run.output()).contains(bad.getValue());
      assertThat(run.calls()).as(bad.getKey()).isEmpty();
    }
  }

  @Test
  void a_token_or_an_installed_agent_is_needed() throws Exception {
    Run run = run();
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.output()).contains("NIRO_TOKEN is needed");
    assertThat(run.applied()).isEmpty();
  }

  @Test
  void who_may_not_create_roles_is_told_before_anything_is_changed() throws Exception {
    Run run = run("NIRO_TOKEN=" + TOKEN, "STUB_CAN_I=1");
    assertThat(run.output()).contains("an administrator's are needed");
    assertThat(run.applied()).isEmpty();
  }

  @Test
  void a_proxy_never_stands_between_agent_and_api_server() throws Exception {
    String applied =
        run("NIRO_TOKEN=" + TOKEN, "HTTPS_PROXY=http://proxy.example.com:3128").applied();
    assertThat(applied)
        .contains("{name: HTTPS_PROXY, value: \"http://proxy.example.com:3128\"}")
        .containsPattern("name: NO_PROXY, value: \"kubernetes.default.svc,.*,10.96.0.1\"");
  }

  @Test
  void an_authority_of_ones_own_is_mounted_and_stays_when_it_is_not_named_again() throws Exception {
    Path file = Files.writeString(folder.resolve("own.pem"), "-----BEGIN CERTIFICATE-----");
    Run first = run("NIRO_TOKEN=" + TOKEN, "NIRO_CA_FILE=" + file);
    assertThat(first.exit()).as(first.output()).isZero();
    assertThat(first.calls())
        .contains(
            "-n niro-system create configmap niro-ca --from-file=ca.crt="
                + file
                + " --dry-run=client -o yaml");
    assertThat(first.applied())
        .contains("kind: ConfigMap", "{name: NIRO_CA_FILE, value: /etc/niro/ca.crt}");
    Files.delete(folder.resolve("applied"));
    assertThat(run("NIRO_TOKEN=" + TOKEN).applied()).doesNotContain("value: /etc/niro/ca.crt");
    Files.writeString(folder.resolve("ca"), "");
    assertThat(run("NIRO_TOKEN=" + TOKEN).applied()).contains("value: /etc/niro/ca.crt");
  }

  @Test
  void a_file_of_authorities_that_is_none_stops_it() throws Exception {
    Path key = Files.writeString(folder.resolve("key.pem"), "BEGIN CERTIFICATE\nPRIVATE KEY");
    Path text = Files.writeString(folder.resolve("text"), "hello");
    assertThat(run("NIRO_TOKEN=" + TOKEN, "NIRO_CA_FILE=/nowhere").output())
        .contains("'/nowhere' cannot be read");
    assertThat(run("NIRO_TOKEN=" + TOKEN, "NIRO_CA_FILE=" + key).output())
        .contains("has a private key in it");
    Run none = run("NIRO_TOKEN=" + TOKEN, "NIRO_CA_FILE=" + text);
    assertThat(none.output()).contains("has no certificate");
    assertThat(none.calls()).isEmpty();
  }

  @Test
  void values_that_a_shell_would_read_are_refused_when_the_script_is_made() {
    assertThatThrownBy(() -> InstallScripts.installSh("https://x'$(id)", "a"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> InstallScripts.agentYaml(SERVER, "a\nb"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void the_file_to_apply_is_whole_and_says_how_to_uninstall() {
    String yaml = InstallScripts.agentYaml(SERVER, "example/agent:1");
    assertThat(yaml)
        .doesNotContain("%", "#OWNER", "#NODE", "#CA", "#PROXY")
        .contains("kubectl delete clusterrole,clusterrolebinding -l app.kubernetes.io/part-of=niro")
        .contains("image: \"example/agent:1\"");
    assertThat(yaml.split("\n---\n")).hasSize(12);
  }
}
