package cx.niro.app.bench;

import cx.niro.agent.testkit.VirtualClusterSpec;
import cx.niro.agent.testkit.VirtualFleet;
import cx.niro.app.Logs;
import cx.niro.app.access.Access;
import cx.niro.app.server.RunningServer;
import cx.niro.app.server.ServerSettings;
import cx.niro.core.Environment;
import cx.niro.core.protocol.CommandState;
import cx.niro.server.Clusters;
import cx.niro.server.Commands;
import cx.niro.server.spi.CommandRow;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * 1,000 pings one after the other on loopback, from {@code send} to the agent's result, beside as
 * many empty HTTP round trips to the same server in the same run. Argument: {@code memory} for
 * stores in memory instead of H2 with a forced write for each commit.
 */
public final class PingMain {
  private static final int COUNT = 1000;
  private static final int WARM_UP = 300;

  private PingMain() {}

  public static void main(String[] arguments) throws Exception {
    Logs.withoutAgents();
    boolean memory = arguments.length > 0 && arguments[0].equals("memory");
    Path data = Files.createTempDirectory("niro-bench");
    ServerSettings.Windows windows =
        new ServerSettings.Windows(
            Duration.ofSeconds(15), Duration.ofSeconds(65), Duration.ofSeconds(150));
    try (RunningServer server =
        RunningServer.start(
            new ServerSettings(
                "127.0.0.1",
                0,
                memory ? null : data.resolve("data"),
                null,
                null,
                windows,
                null,
                Duration.ZERO))) {
      run(server, memory ? "stores in memory" : "H2, a forced write for each commit");
    } finally {
      Trees.delete(data);
    }
    System.exit(0);
  }

  private static void run(RunningServer server, String stores) throws Exception {
    VirtualFleet fleet =
        VirtualFleet.builder(server.address().toString())
            .options(options -> options.proxy(null).http2PriorKnowledge(true))
            .build();
    Clusters.NewCluster cluster =
        server
            .niro()
            .clusters()
            .create(
                Access.ORGANIZATION,
                new Clusters.ClusterSpec("bench", Environment.DEV, Map.of()),
                "bench");
    fleet.add(VirtualClusterSpec.of(3, 60), cluster.enrollment().token());
    while (fleet.metrics().beats() == 0) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
    HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    HttpRequest empty = HttpRequest.newBuilder(server.address().resolve("/healthz")).build();
    long[] pings = new long[COUNT];
    long[] floor = new long[COUNT];
    for (int i = -WARM_UP; i < COUNT; i++) {
      long start = System.nanoTime();
      ping(server, cluster);
      long middle = System.nanoTime();
      http.send(empty, HttpResponse.BodyHandlers.ofByteArray());
      long end = System.nanoTime();
      if (i >= 0) {
        pings[i] = middle - start;
        floor[i] = end - middle;
      }
    }
    System.out.println(stores + ", " + COUNT + " in sequence, load " + load());
    print("ping", pings);
    print("GET /healthz", floor);
    fleet.kill();
  }

  private static void ping(RunningServer server, Clusters.NewCluster cluster) throws Exception {
    Commands commands = server.niro().commands();
    CommandRow sent = commands.send(cluster.id(), Commands.CommandRequest.PING, "bench");
    CommandRow done =
        commands
            .whenFinished(cluster.id(), sent.id())
            .toCompletableFuture()
            .get(30, TimeUnit.SECONDS);
    if (done.state() != CommandState.SUCCEEDED) {
      throw new IllegalStateException("ping is " + done.state() + ": " + done.reason());
    }
  }

  private static String load() {
    return String.valueOf(
        java.lang.management.ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }

  private static void print(String what, long[] nanos) {
    Arrays.sort(nanos);
    System.out.printf(
        Locale.ROOT,
        "%-14s p50 %.2f ms  p99 %.2f ms%n",
        what,
        nanos[nanos.length / 2] / 1e6,
        nanos[nanos.length * 99 / 100] / 1e6);
  }
}
