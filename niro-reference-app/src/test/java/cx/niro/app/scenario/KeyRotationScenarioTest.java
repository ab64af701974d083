package cx.niro.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.app.server.RunningServer;
import cx.niro.core.ClusterId;
import cx.niro.core.ClusterStatus;
import cx.niro.server.spi.Page;
import cx.niro.server.spi.TimelineEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real agents whose keys are in a Secret, a real server with a database, and {@code rotate-key}.
 */
class KeyRotationScenarioTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Pattern KEY = Pattern.compile("\"agentKey\":\"([^\"]+)\"");

  @TempDir Path folder;
  private Path data;
  private RunningServer server;
  private Cli niro;
  private ClusterId cluster;
  private Site site;

  @BeforeEach
  void start() {
    data = folder.resolve("data");
    server = Servers.on(data, 0);
    niro = new Cli(server.address(), Servers.ADMIN_TOKEN);
    Cli.Ran enrolled = niro.run("enroll", "factory-brno", "-o", "json");
    cluster = new ClusterId(enrolled.text("cluster.id"));
    site = new Site(server.address(), enrolled.text("enrollment.token"), folder);
    await("the agent enrolls", () -> status() == ClusterStatus.HEALTHY && !key().isEmpty());
  }

  @AfterEach
  void stop() {
    site.close();
    server.close();
  }

  private static void await(String what, BooleanSupplier happened) {
    Await.within(PATIENCE, what, happened);
  }

  private ClusterStatus status() {
    return server.niro().fleet().cluster(cluster).orElseThrow().status();
  }

  private String key() {
    String secret = String.valueOf(site.kubernetes.get("Secret", "niro-system", "niro-agent"));
    Matcher found = KEY.matcher(secret);
    return found.find() ? found.group(1) : "";
  }

  private List<String> kinds() {
    return server.niro().fleet().timeline(cluster, Set.of(), Page.Request.FIRST).items().stream()
        .map(TimelineEntry::kind)
        .toList();
  }

  private long replaced() {
    return kinds().stream().filter("key_replaced"::equals).count();
  }

  private void rotate() {
    String before = key();
    long times = replaced();
    Cli.Ran asked = niro.run("rotate-key", "factory-brno");
    assertThat(asked.exitCode()).as(asked.err()).isZero();
    assertThat(asked.out()).contains("factory-brno gets a new key");
    await("the key is replaced", () -> replaced() > times && !key().equals(before));
  }

  private void awaitBeat() {
    Instant now = Instant.now();
    await(
        "a beat",
        () -> {
          Instant last = server.niro().fleet().cluster(cluster).orElseThrow().lastHeartbeatAt();
          return last != null && last.isAfter(now);
        });
  }

  private void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  private void empty(Path of) throws IOException {
    try (Stream<Path> files = Files.list(of)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.delete(file);
      }
    }
  }

  @Test
  void the_key_is_replaced_also_while_pods_overlap_and_after_a_restore_the_one_before_goes_on()
      throws Exception {
    int port = server.address().getPort();
    String first = key();
    server.close();
    Path backup = folder.resolve("backup");
    copy(data, backup);
    server = Servers.on(data, port);

    rotate();
    String second = key();
    awaitBeat();

    server.close();
    empty(data);
    copy(backup, data);
    server = Servers.on(data, port);
    awaitBeat();
    await("the key that the restored server knows is stored again", () -> key().equals(first));
    assertThat(second).isNotEqualTo(first);

    site.startAgent();
    rotate();
    site.startAgent();
    rotate();
    awaitBeat();
    assertThat(status()).isEqualTo(ClusterStatus.HEALTHY);
    assertThat(kinds()).containsOnlyOnce("enrolled");
  }
}
