package cx.niro.app.bench;

import cx.niro.agent.testkit.FleetMetrics;
import cx.niro.agent.testkit.VirtualClusterSpec;
import cx.niro.agent.testkit.VirtualFleet;
import cx.niro.app.Json;
import cx.niro.app.Logs;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * {@code kill -9} of a server process with H2 and a restart, under a virtual fleet of which 30 % of
 * the beats carry a change. Prints how long until every cluster reported again, the worst status
 * shown meanwhile, and how many full resyncs it took. Argument: number of clusters, default 500.
 */
public final class RestartMain {
  private static final String TOKEN = "restart-bench-admin-token";
  private static final double CHURN = 0.3;
  private static final int BEAT_SECONDS = 15;

  private final HttpClient http = HttpClient.newHttpClient();
  private final int port;
  private final Path data;

  private RestartMain(int port, Path data) {
    this.port = port;
    this.data = data;
  }

  public static void main(String[] arguments) throws Exception {
    Logs.withoutAgents();
    int clusters = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 500;
    Path folder = Files.createTempDirectory("niro-restart");
    try {
      new RestartMain(freePort(), folder.resolve("data")).run(clusters);
    } finally {
      Trees.delete(folder);
    }
    System.exit(0);
  }

  private void run(int clusters) throws Exception {
    Process first = startServer();
    VirtualFleet fleet =
        VirtualFleet.builder(address()).threads(8).options(RestartMain::plain).build();
    for (int i = 0; i < clusters; i++) {
      fleet.add(VirtualClusterSpec.of(3, 60).withChurn(CHURN), newToken(i));
    }
    while (fleet.metrics().enrolled() < clusters) {
      TimeUnit.MILLISECONDS.sleep(200);
    }
    TimeUnit.SECONDS.sleep(3L * BEAT_SECONDS);
    FleetMetrics before = fleet.metrics();
    System.out.println("before the kill: " + statuses() + ", " + before);

    first.destroyForcibly().waitFor();
    Instant killed = Instant.now();
    Process second = startServer();
    Instant up = Instant.now();
    System.out.println("ready again after " + Duration.between(killed, up).toMillis() + " ms");
    Map<String, Integer> worst = new TreeMap<>();
    long left = clusters;
    while (left > 0 && Instant.now().isBefore(up.plusSeconds(8L * BEAT_SECONDS))) {
      List<Map<?, ?>> all = clusters();
      all.forEach(one -> worst.merge(String.valueOf(one.get("status")), 1, Math::max));
      left = all.stream().filter(one -> !hasBeaten(one, up)).count();
      TimeUnit.MILLISECONDS.sleep(500);
    }
    double seconds = (Instant.now().toEpochMilli() - up.toEpochMilli()) / 1e3;
    TimeUnit.SECONDS.sleep(2L * BEAT_SECONDS);
    FleetMetrics after = fleet.metrics();
    System.out.printf(
        Locale.ROOT,
        "%d clusters, %d not back; all back after %.1f s = %.1f beats; statuses seen %s; resyncs"
            + " asked for %d, full beats %d%n",
        clusters,
        left,
        seconds,
        seconds / BEAT_SECONDS,
        worst.keySet(),
        after.resyncs() - before.resyncs(),
        after.fullBeats() - before.fullBeats());
    System.out.println("after: " + statuses() + ", " + after);
    fleet.kill();
    second.destroyForcibly().waitFor();
    complaints().forEach((line, count) -> System.out.println(count + " × " + line));
  }

  /** What the servers warned of, without times and numbers. */
  private Map<String, Integer> complaints() throws IOException {
    Map<String, Integer> counts = new TreeMap<>();
    for (String line : Files.readAllLines(Path.of(data + ".log"))) {
      if (line.contains(" WARN ") || line.contains(" ERROR ") || line.contains("refused with")) {
        String shape = line.replaceFirst("^\\S+ ", "").replaceAll("[0-9]+|[A-Za-z0-9]{20}", "#");
        counts.merge(shape.substring(0, Math.min(200, shape.length())), 1, Integer::sum);
      }
    }
    return counts;
  }

  private static cx.niro.agent.AgentOptions.Builder plain(
      cx.niro.agent.AgentOptions.Builder options) {
    return options.proxy(null).http2PriorKnowledge(true);
  }

  private static boolean hasBeaten(Map<?, ?> cluster, Instant since) {
    Object at = cluster.get("lastHeartbeatAt");
    return at != null && Instant.parse(String.valueOf(at)).isAfter(since);
  }

  private Process startServer() throws Exception {
    ProcessBuilder command =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "cx.niro.app.Main",
                "server",
                "--port",
                String.valueOf(port),
                "--data-dir",
                data.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(Path.of(data + ".log").toFile()));
    command.environment().put("NIRO_ADMIN_TOKEN", TOKEN);
    Process server = command.start();
    awaitReady(server);
    return server;
  }

  private void awaitReady(Process server) throws Exception {
    HttpRequest ready = HttpRequest.newBuilder(URI.create(address() + "/readyz")).build();
    while (server.isAlive()) {
      try {
        if (http.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
          return;
        }
      } catch (IOException e) {
        TimeUnit.MILLISECONDS.sleep(50);
      }
    }
    throw new IllegalStateException(
        "the server ended: " + Files.readString(Path.of(data + ".log")));
  }

  private String newToken(int number) throws Exception {
    String body = "{\"name\":\"c-%05d\"}".formatted(number);
    Map<?, ?> made = (Map<?, ?>) call("POST", "/api/v1/clusters", body);
    return String.valueOf(((Map<?, ?>) made.get("enrollment")).get("token"));
  }

  private List<Map<?, ?>> clusters() throws Exception {
    List<Map<?, ?>> all = new ArrayList<>();
    Map<?, ?> page = (Map<?, ?>) call("GET", "/api/v1/clusters?limit=1000", "");
    for (Object item : (List<?>) page.get("items")) {
      all.add((Map<?, ?>) item);
    }
    return all;
  }

  private Object statuses() throws Exception {
    return ((Map<?, ?>) call("GET", "/api/v1/fleet", "")).get("status");
  }

  private Object call(String method, String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address() + path))
            .header("authorization", "Bearer " + TOKEN)
            .header("content-type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    return Json.parse(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
  }

  private String address() {
    return "http://127.0.0.1:" + port;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
