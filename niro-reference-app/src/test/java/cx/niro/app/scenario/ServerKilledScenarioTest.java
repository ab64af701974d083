package cx.niro.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.app.ExitCode;
import cx.niro.app.Json;
import cx.niro.app.bench.ServerProcess;
import cx.niro.app.scenario.Relay.Fate;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server in a process of its own, over an H2 file, that is killed while applies are under way.
 */
class ServerKilledScenarioTest {
  /** An agent that lost its server comes back within its longest back-off. */
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final HttpClient http = HttpClient.newHttpClient();

  @TempDir Path folder;
  private ServerProcess server;
  private Cli niro;
  private Site site;
  private String cluster;

  @BeforeEach
  void start() {
    server = new ServerProcess(folder, List.of());
    server.spawn();
    server.awaitReady();
    niro = new Cli(server.uri(), ServerProcess.ADMIN_TOKEN);
    Cli.Ran enrolled = niro.run("enroll", "lyon", "-o", "json");
    cluster = enrolled.text("cluster.id");
    site = new Site(server.uri(), enrolled.text("enrollment.token"), folder);
    site.kubernetes.put("{'kind':'Namespace','metadata':{'name':'shop'}}");
    Await.within(
        PATIENCE,
        "the agent has told what it may do",
        () -> niro.run("get", "clusters", "-o", "json").out().contains("\"apply\""));
    site.kubernetes.forbid("patch", "secrets");
  }

  @AfterEach
  void stop() {
    site.close();
    server.kill();
  }

  private void applies(String name) throws IOException {
    String yaml =
        """
        {apiVersion: v1, kind: ConfigMap, metadata: {name: %s}, data: {color: blue}}
        ---
        {apiVersion: v1, kind: Secret, metadata: {name: %s}, stringData: {password: hunter2}}
        """
            .formatted(name, name);
    Path file = Files.writeString(folder.resolve(name + ".yaml"), yaml);
    Await.within(
        PATIENCE,
        "the apply is taken",
        () ->
            niro.run("apply", "-f", file.toString(), "-c", "lyon", "--name", name, "-n", "shop")
                    .exitCode()
                == ExitCode.OK);
  }

  /** Results before that are those of comparisons that the server asked for by itself. */
  private boolean isThere(String name) {
    return site.kubernetes.get("ConfigMap", "shop", name) != null;
  }

  private void killAndRestart() {
    server.kill();
    site.uplink.accept();
    server.spawn();
    server.awaitReady();
  }

  // ---------------------------------------------------------------- what is to be seen

  private Object get(String path) {
    HttpRequest request =
        HttpRequest.newBuilder(server.uri().resolve("/api/v1/clusters/" + cluster + path))
            .header("Authorization", "Bearer " + ServerProcess.ADMIN_TOKEN)
            .build();
    try {
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(path + answer.body()).isEqualTo(200);
      return Json.parse(answer.body());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<String> items(String path, String text) {
    return ((List<?>) ((Map<?, ?>) get(path)).get("items"))
        .stream().map(String::valueOf).filter(item -> item.contains(text)).toList();
  }

  private String status(String name) {
    return String.valueOf(((Map<?, ?>) get("/deployments/" + name)).get("applyStatus"));
  }

  private void assertFailedInPartOnce(String name) {
    Await.within(PATIENCE, "the apply ends", () -> !status(name).equals("pending"));
    assertThat(status(name)).isEqualTo("partial");
    assertThat(items("/deployments/" + name + "/history", "partial")).hasSize(1);
    assertThat(items("/incidents", "managed/" + name)).hasSize(1);
    assertThat(items("/timeline?kind=apply_finished", "Apply of " + name + ",")).hasSize(1);
    assertThat(items("/timeline?kind=incident_opened", name)).hasSize(1);
    assertThat(items("/timeline?kind=command_late", "command")).isEmpty();
  }

  @Test
  void a_server_that_is_killed_around_a_result_ends_each_apply_once() throws Exception {
    for (Fate fate : List.of(Fate.CUT_BEFORE, Fate.CUT_AFTER)) {
      String name = fate.name().toLowerCase(Locale.ROOT).replace('_', '-');
      CountDownLatch sprung =
          site.uplink.next(fate, line -> line.contains("/result") && isThere(name));
      applies(name);
      assertThat(sprung.await(30, TimeUnit.SECONDS)).isTrue();
      Await.until("the answer is lost", site.uplink::isRefusing);
      killAndRestart();
      assertFailedInPartOnce(name);
    }

    String name = "in-the-midst";
    CountDownLatch sprung =
        site.api.next(
            Fate.HELD, line -> line.startsWith("PATCH") && line.contains("/" + name + "?"));
    applies(name);
    assertThat(sprung.await(30, TimeUnit.SECONDS)).isTrue();
    killAndRestart();
    assertThat(status(name)).isEqualTo("pending");
    site.api.release();
    assertFailedInPartOnce(name);

    site.kubernetes.allow("patch", "secrets");
    for (String mended : List.of("cut-before", "cut-after", name)) {
      applies(mended);
    }
    for (String mended : List.of("cut-before", "cut-after", name)) {
      Await.within(PATIENCE, "the apply ends", () -> !status(mended).equals("pending"));
      assertThat(status(mended)).isEqualTo("succeeded");
    }
    assertThat(items("/timeline?kind=incident_resolved", "managed")).hasSize(3);
  }
}
