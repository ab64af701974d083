package cx.niro.app.bench;

import cx.niro.app.access.TrustedProxies;
import cx.niro.app.server.ServerSettings;
import cx.niro.app.server.ServerSettings.Notify;
import cx.niro.app.server.ServerSettings.Windows;
import cx.niro.server.jdbc.JdbcStores.Commits;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;

/**
 * {@code FleetLoadMain [--clusters 1500] [--connections 0] [--seconds 60] [--ramp 30] [--delta 23]
 * [--full 2] [--poll 50] [--nodes 3] [--pods 60] [--variants 100] [--heap 6g] [--folder DIR]
 * [--histogram no|yes] [--jfr FILE]}: a server in a process of its own and a fleet in this one,
 * with that many connections or, with 0, one for each cluster. Reports how long beats took, what
 * both processes used of the processors, and the server's memory before and with the fleet. A
 * folder is kept, with the clusters enrolled in it.
 */
public final class FleetLoadMain {
  private final Arguments arguments;
  private final int clusters;
  private final Path folder;
  private final ServerProcess server;

  private FleetLoadMain(Arguments arguments) throws IOException {
    this.arguments = arguments;
    this.clusters = arguments.number("clusters", 1500);
    String given = arguments.text("folder", "");
    this.folder =
        given.isEmpty()
            ? Files.createTempDirectory("niro-load")
            : Files.createDirectories(Path.of(given));
    List<String> jvm = new ArrayList<>(List.of("-Xmx" + arguments.text("heap", "6g")));
    jvm.addAll(List.of(arguments.text("jvm", "-XX:+UseG1GC").split(" ")));
    if (!arguments.text("jfr", "").isEmpty()) {
      jvm.add("-XX:StartFlightRecording=settings=profile,filename=" + arguments.text("jfr", ""));
    }
    this.server = new ServerProcess(folder, jvm, List.of());
  }

  public static void main(String[] args) throws Exception {
    FleetLoadMain load = new FleetLoadMain(new Arguments(args));
    try {
      load.run();
    } finally {
      if (load.arguments.text("jfr", "").isEmpty()) {
        load.server.kill();
      } else {
        load.server.terminate();
      }
      if (load.arguments.text("folder", "").isEmpty()) {
        Trees.delete(load.folder);
      }
    }
    System.exit(0);
  }

  private void run() throws Exception {
    long start = System.nanoTime();
    List<String> keys = LoadKeys.of(folder, clusters, settings());
    say("%d clusters enrolled after %d s", clusters, seconds(start));
    start = System.nanoTime();
    List<LoadCluster> made = made(keys);
    say("%d contents made after %d s", arguments.number("variants", 100), seconds(start));
    server.spawn();
    server.awaitReady();
    memory("empty server");
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), server.uri().getPort());
    int connections = arguments.number("connections", 0);
    LoadFleet.Plan plan =
        new LoadFleet.Plan(
            address,
            connections == 0 ? clusters : connections,
            Duration.ofSeconds(arguments.number("ramp", 30)),
            Duration.ofSeconds(arguments.number("interval", 15)),
            arguments.number("poll", 50),
            new LoadCluster.Mix(arguments.number("delta", 23), arguments.number("full", 2)));
    try (LoadFleet fleet = new LoadFleet(plan, made)) {
      fleet.begin();
      measure(fleet, plan);
    }
  }

  private void measure(LoadFleet fleet, LoadFleet.Plan plan) throws Exception {
    TimeUnit.SECONDS.sleep(plan.ramp().toSeconds() + 2 * plan.interval().toSeconds());
    say("all there: %s", fleet.figures.shortText());
    fleet.figures.clear();
    Duration serverBefore = server.processorTime();
    long ownBefore = own();
    long start = System.nanoTime();
    long end = start + TimeUnit.SECONDS.toNanos(arguments.number("seconds", 60));
    while (System.nanoTime() < end) {
      TimeUnit.SECONDS.sleep(Math.min(15, 1 + (end - System.nanoTime()) / 1_000_000_000));
      say("%4d s: %s; server %s", seconds(start), fleet.figures.shortText(), rss());
    }
    double passed = (System.nanoTime() - start) / 1e9;
    double used = server.processorTime().minus(serverBefore).toMillis() / 1e3;
    double ours = (own() - ownBefore) / 1e9;
    say("%s", fleet.figures.text());
    double exchanges = fleet.figures.beats() + fleet.figures.polls();
    say(
        "server %.2f processors, generator %.2f; server CPU seconds for 1,000 beats and polls %.3f",
        used / passed, ours / passed, 1000 * used / exchanges);
    memory("with " + clusters + " clusters");
  }

  private ServerSettings settings() {
    return new ServerSettings(
        "127.0.0.1",
        0,
        folder.resolve("data"),
        null,
        Commits.DEFERRED,
        null,
        null,
        new Windows(Duration.ofSeconds(15), Duration.ofSeconds(65), Duration.ofSeconds(150)),
        null,
        Duration.ZERO,
        TrustedProxies.parse(""),
        Notify.DEFAULT,
        Set.of());
  }

  private List<LoadCluster> made(List<String> keys) {
    int variants = Math.min(clusters, arguments.number("variants", 100));
    AtomicReferenceArray<LoadBodies> bodies = new AtomicReferenceArray<>(variants);
    int nodes = arguments.number("nodes", 3);
    int pods = arguments.number("pods", 60);
    IntStream.range(0, variants)
        .parallel()
        .forEach(seed -> bodies.set(seed, new LoadBodies(seed, nodes, pods)));
    List<LoadCluster> made = new ArrayList<>();
    for (int i = 0; i < clusters; i++) {
      made.add(new LoadCluster(keys.get(i), bodies.get(i % variants), i));
    }
    return made;
  }

  private void memory(String when) throws Exception {
    String before = rss();
    jcmd("GC.run");
    TimeUnit.SECONDS.sleep(1);
    say("%s: %s, after a collection %s", when, before, rss());
    say("%s", jcmd("GC.heap_info").lines().limit(2).toList());
    if (arguments.text("histogram", "no").equals("yes")) {
      say("%s", String.join("\n", histogram(jcmd("GC.class_histogram"))));
    }
  }

  private static List<String> histogram(String all) {
    List<String> lines = all.lines().toList();
    List<String> most = new ArrayList<>(lines.subList(0, Math.min(45, lines.size())));
    most.add(lines.get(lines.size() - 1));
    return most;
  }

  private String jcmd(String what) throws Exception {
    Path tool = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    ProcessBuilder command = new ProcessBuilder(tool.toString(), "" + server.pid(), what);
    Process process = command.redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes());
    process.waitFor();
    return text;
  }

  private String rss() throws IOException {
    return Files.readAllLines(Path.of("/proc", "" + server.pid(), "status")).stream()
        .filter(line -> line.startsWith("VmRSS"))
        .map(line -> "RSS " + Long.parseLong(line.replaceAll("\\D", "")) / 1024 + " MB")
        .findFirst()
        .orElse("");
  }

  private static long own() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static long seconds(long start) {
    return (System.nanoTime() - start) / 1_000_000_000;
  }

  private static void say(String format, Object... values) {
    System.out.printf(Locale.ROOT, format + "%n", values);
  }
}
