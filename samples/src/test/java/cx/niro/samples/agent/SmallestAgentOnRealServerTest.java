package cx.niro.samples.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sample against {@code niro server} in a process of its own, seen through the REST API. */
class SmallestAgentOnRealServerTest {
  private static final String ADMIN = "only-for-this-test-0123456789";
  private static final Pattern URL = Pattern.compile("http://127\\.0\\.0\\.1:\\d+");

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void the_machine_shows_up_as_a_healthy_cluster(@TempDir Path folder) throws Exception {
    Process server = startServer(folder);
    try {
      String url = urlOf(server);
      String created = call(url, "POST", "/api/v1/clusters", "{\"name\":\"coffee\"}");
      Thread agent = startAgent(url, folder, member(created, "token"));
      String cluster = "/api/v1/clusters/" + member(created, "id");

      String shown = call(url, "GET", cluster, "");
      long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      while (!shown.contains("\"status\":\"healthy\"") && System.nanoTime() < deadline) {
        LockSupport.parkNanos(50_000_000);
        shown = call(url, "GET", cluster, "");
      }

      assertThat(shown).contains("\"status\":\"healthy\"", "\"nodes\":1", "\"acme.brew\"");
      agent.interrupt();
      agent.join(10_000);
    } finally {
      server.destroyForcibly();
    }
  }

  private static Process startServer(Path folder) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            ProcessHandle.current().info().command().orElse("java"),
            "-cp",
            System.getProperty("java.class.path"),
            "cx.niro.app.Main",
            "server",
            "--port",
            "0",
            "--data-dir",
            folder.resolve("data").toString());
    builder.environment().put("NIRO_ADMIN_TOKEN", ADMIN);
    return builder.redirectErrorStream(true).start();
  }

  private static String urlOf(Process server) throws IOException {
    BufferedReader out = server.inputReader(StandardCharsets.UTF_8);
    StringBuilder said = new StringBuilder();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      said.append(line).append('\n');
      Matcher url = URL.matcher(line);
      if (url.find()) {
        Thread reader = new Thread(() -> out.lines().forEach(rest -> {}));
        reader.setDaemon(true);
        reader.start();
        return url.group();
      }
    }
    throw new AssertionError("the server ended without naming its address:\n" + said);
  }

  private static Thread startAgent(String url, Path folder, String token) {
    String[] arguments = {url, folder.resolve("keys").toString(), token};
    Thread agent =
        new Thread(
            () -> {
              try {
                SmallestAgentMain.main(arguments);
              } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
              }
            });
    agent.start();
    return agent;
  }

  private String call(String url, String method, String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + path))
            .header("authorization", "Bearer " + ADMIN)
            .header("content-type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    return http.send(request, BodyHandlers.ofString()).body();
  }

  /** The first text member of this name. */
  private static String member(String json, String name) {
    Matcher member = Pattern.compile("\"" + name + "\":\"([^\"]+)\"").matcher(json);
    assertThat(member.find()).as("%s in %s", name, json).isTrue();
    return member.group(1);
  }
}
