package cx.niro.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.agent.testkit.VirtualClusterSpec;
import cx.niro.agent.testkit.VirtualFleet;
import cx.niro.app.ExitCode;
import cx.niro.app.server.RunningServer;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FirstClusterScenarioTest {
  private final RunningServer server = Servers.inMemory();
  private final Cli niro = new Cli(server.address(), Servers.ADMIN_TOKEN);
  private final VirtualFleet fleet =
      VirtualFleet.builder(server.address().toString())
          .options(options -> options.proxy(null).http2PriorKnowledge(true))
          .build();

  @AfterEach
  void stop() {
    fleet.kill();
    server.close();
  }

  @Test
  void a_cluster_enrolls_reports_and_answers_a_ping() {
    Cli.Ran enrolled =
        niro.run(
            "enroll", "warehouse-lyon", "--env", "production", "-l", "site=lyon", "-o", "json");
    assertThat(enrolled.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(enrolled.text("cluster.status")).isEqualTo("pending");
    assertThat(enrolled.text("enrollment.installCommand"))
        .startsWith("curl -fsSL 'https://niro.example.com/install.sh'")
        .contains(enrolled.text("enrollment.token"));

    fleet.add(VirtualClusterSpec.of(3, 60), enrolled.text("enrollment.token"));
    Await.until("healthy", () -> row("warehouse-lyon").contains("healthy"));

    assertThat(row("warehouse-lyon")).containsPattern("production +v1\\.\\S+ +3 +60 +0 ");
    assertThat(niro.run("get", "nodes", "-c", "warehouse-lyon").out().lines()).hasSize(4);
    assertThat(niro.run("get", "pods", "-o", "yaml", "--limit", "3").out())
        .contains("warehouse-lyon");
    Cli.Ran ping = niro.run("ping", "warehouse-lyon");
    assertThat(ping.out()).containsPattern("warehouse-lyon answered in [0-9.]+ ms");
  }

  @Test
  void the_log_of_a_pod_is_printed_and_followed_until_nobody_looks() {
    fleet.add(VirtualClusterSpec.of(1, 20), enroll("lab-k3s"));
    Await.until("healthy", () -> row("lab-k3s").contains("healthy"));
    String pod = niro.run("get", "pods", "-o", "json", "--limit", "1").out();
    String name = pod.replaceAll("(?s).*?\"name\": \"(?!lab-k3s)([^\"]+)\".*", "$1");
    String namespace = pod.replaceAll("(?s).*?\"namespace\": \"([^\"]+)\".*", "$1");

    Cli.Ran last = niro.run("logs", name, "--cluster", "lab-k3s", "-n", namespace, "--tail", "5");
    assertThat(last.err()).isEmpty();
    assertThat(last.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(last.out().lines()).hasSize(5).allMatch(line -> line.matches("2\\d{3}-\\S+Z .*"));

    Cli.Ran unknown = niro.run("logs", "no-such-pod", "--cluster", "lab-k3s");
    assertThat(unknown.exitCode()).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(unknown.err()).contains("pods \"no-such-pod\" not found");
    assertThat(niro.run("logs", "x", "--cluster", "lab-k3s", "--since", "soon").exitCode())
        .isEqualTo(ExitCode.USAGE);
  }

  @Test
  void a_deleted_cluster_is_cut_off_and_can_be_added_again() {
    String token = enroll("lab-k3s");
    fleet.add(VirtualClusterSpec.of(1, 5), token);
    Await.until("healthy", () -> row("lab-k3s").contains("healthy"));
    long beats = fleet.metrics().beats();
    Await.until("beats", () -> fleet.metrics().beats() > beats);

    assertThat(niro.run("delete", "lab-k3s", "--confirm", "something").exitCode())
        .isEqualTo(ExitCode.USAGE);
    assertThat(niro.run("delete", "lab-k3s", "--confirm", "lab-k3s").exitCode())
        .isEqualTo(ExitCode.OK);
    long deleted = System.nanoTime();

    Await.until(
        "the agent is refused",
        () -> fleet.metrics().errors().keySet().stream().anyMatch(code -> code.startsWith("key_")));
    assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - deleted)).isLessThan(5000);
    assertThat(niro.run("ping", "lab-k3s").exitCode()).isEqualTo(ExitCode.NOT_FOUND);

    fleet.add(VirtualClusterSpec.of(1, 5), enroll("lab-k3s"));
    Await.until("healthy again", () -> row("lab-k3s").contains("healthy"));
  }

  @Test
  void commands_say_what_is_wrong_by_their_exit_code() {
    assertThat(niro.run("enroll", "twice").exitCode()).isEqualTo(ExitCode.OK);
    assertThat(niro.run("enroll", "twice").exitCode()).isEqualTo(ExitCode.CONFLICT);
    assertThat(niro.run("ping", "nobody").exitCode()).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(niro.run("ping", "twice", "--wait", "1").exitCode()).isEqualTo(ExitCode.TIMED_OUT);
    assertThat(niro.run("get", "dragons").exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(new Cli(server.address(), "wrong").run("get", "pods").exitCode())
        .isEqualTo(ExitCode.NOT_AUTHENTICATED);
    assertThat(new Cli(URI.create("http://127.0.0.1:1"), "x").run("get", "pods").exitCode())
        .isEqualTo(ExitCode.UNREACHABLE);
  }

  private String enroll(String name) {
    return niro.run("enroll", name, "-o", "json").text("enrollment.token");
  }

  private String row(String name) {
    return niro.run("get", "clusters")
        .out()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .findFirst()
        .orElse("");
  }
}
