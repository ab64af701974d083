package cx.niro.app.bench;

import cx.niro.agent.testkit.FakeKubernetes;
import cx.niro.app.Logs;
import cx.niro.app.access.Access;
import cx.niro.app.server.RunningServer;
import cx.niro.app.server.ServerSettings;
import cx.niro.core.Environment;
import cx.niro.core.protocol.LogEnd;
import cx.niro.core.protocol.LogRequest;
import cx.niro.server.Clusters;
import cx.niro.server.LogViewer;
import cx.niro.server.Logs.View;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;

/**
 * One agent, as a process of its own with the memory settings of its image, that sends many logs at
 * once: what it holds in memory, what its beats take beside it and before, and how soon it stops.
 * Flags: {@code --streams 64 --lines 200 --seconds 60}.
 */
final class LogMain {
  private static final int BATCHES = 5;

  private final FakeKubernetes cluster = FakeKubernetes.start();
  private final Queue<Long> beats = new ConcurrentLinkedQueue<>();
  private final LongAdder lines = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private final LongAdder gaps = new LongAdder();
  private final int streams;
  private final int perSecond;
  private final int seconds;

  private LogMain(Arguments arguments) {
    streams = arguments.number("streams", 64);
    perSecond = arguments.number("lines", 200);
    seconds = arguments.number("seconds", 60);
  }

  public static void main(String[] arguments) throws Exception {
    Logs.withoutAgents();
    Path data = Files.createTempDirectory("niro-bench");
    ServerSettings.Windows windows =
        new ServerSettings.Windows(
            Duration.ofSeconds(1), Duration.ofSeconds(65), Duration.ofSeconds(150));
    try (RunningServer server =
        RunningServer.start(
            new ServerSettings("127.0.0.1", 0, null, null, null, windows, null, Duration.ZERO))) {
      new LogMain(new Arguments(arguments)).run(server, data);
    } finally {
      Trees.delete(data);
    }
    System.exit(0);
  }

  private void run(RunningServer server, Path data) throws Exception {
    for (int i = 0; i < streams; i++) {
      cluster.put(
          "{'kind':'Pod','metadata':{'namespace':'shop','name':'web-%d'},'spec':{'containers':[{'name':'web'}]}}"
              .formatted(i));
    }
    Clusters.NewCluster made =
        server
            .niro()
            .clusters()
            .create(
                Access.ORGANIZATION,
                new Clusters.ClusterSpec("bench", Environment.DEV, Map.of()),
                "bench");
    Process agent = agent(server, made.enrollment().token(), data);
    try {
      await("the agent offers logs", () -> offersLogs(server, made));
      measure(server, made, agent);
    } finally {
      agent.destroyForcibly();
      cluster.close();
    }
  }

  private void measure(RunningServer server, Clusters.NewCluster made, Process agent)
      throws Exception {
    ScheduledExecutorService writers = Executors.newScheduledThreadPool(1);
    writers.scheduleAtFixedRate(this::write, 0, 1000 / BATCHES, TimeUnit.MILLISECONDS);
    TimeUnit.SECONDS.sleep(10);
    String before = phase("without streams", agent, false);
    List<View> views = new ArrayList<>();
    for (int i = 0; i < streams; i++) {
      views.add(open(server, made, i));
    }
    TimeUnit.SECONDS.sleep(5);
    String beside = phase(streams + " streams of " + perSecond + " lines/s", agent, true);
    long start = System.nanoTime();
    views.forEach(View::close);
    await("all have stopped", () -> cluster.logReaders() == 0);
    double stopped = (System.nanoTime() - start) / 1e6;
    writers.shutdownNow();
    System.out.println(before);
    System.out.println(beside);
    System.out.printf(
        Locale.ROOT,
        "stopped %.0f ms after the last viewer left; gaps %d; load %.1f%n",
        stopped,
        gaps.sum(),
        java.lang.management.ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }

  private String phase(String what, Process agent, boolean streaming) throws Exception {
    beats.clear();
    long linesBefore = lines.sum();
    long most = 0;
    for (int i = 0; i < seconds; i++) {
      TimeUnit.SECONDS.sleep(1);
      most = Math.max(most, rss(agent));
    }
    long[] micros = beats.stream().mapToLong(Long::longValue).sorted().toArray();
    String read =
        streaming
            ? ", %,d lines/s shown, %,d dropped"
                .formatted((lines.sum() - linesBefore) / seconds, dropped.sum())
            : "";
    return String.format(
        Locale.ROOT,
        "%-30s %d beats: p50 %.1f ms, p99 %.1f ms; RSS at most %d MB%s",
        what,
        micros.length,
        micros[micros.length / 2] / 1e3,
        micros[micros.length * 99 / 100] / 1e3,
        most / 1024,
        read);
  }

  private void write() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < perSecond / BATCHES; i++) {
      text.append("2026-11-23T12:00:00.000Z INFO 10.42.0.17 \"GET /cart/items/")
          .append(i)
          .append(" HTTP/1.1\" 200 512 38ms agent=Mozilla/5.0\n");
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < streams; i++) {
      cluster.logBytes("shop/web-" + i, "web", bytes);
    }
  }

  private View open(RunningServer server, Clusters.NewCluster made, int number) throws Exception {
    LogRequest follow = new LogRequest("shop", "web-" + number, null, true, 10, false, null);
    View view =
        server
            .niro()
            .logs()
            .open(made.id(), follow)
            .toCompletableFuture()
            .get(15, TimeUnit.SECONDS);
    view.start(new Counting());
    return view;
  }

  private final class Counting implements LogViewer {
    @Override
    public void lines(List<String> some) {
      lines.add(some.size());
    }

    @Override
    public void dropped(long count) {
      dropped.add(count);
    }

    @Override
    public void gap(Duration silence) {
      gaps.increment();
    }

    @Override
    public void ended(LogEnd end) {
      System.out.println("a stream ended: " + end);
    }
  }

  private Process agent(RunningServer server, String token, Path data) throws IOException {
    Path kubeconfig = Files.writeString(data.resolve("kubeconfig"), cluster.kubeconfig());
    cluster.put(
        "{'kind':'Secret','metadata':{'name':'niro-agent','namespace':'niro-system'},'data':{}}");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xms16m", "-Xmx64m"));
    command.addAll(List.of("-Xss384k", "-XX:MaxMetaspaceSize=64m", "-XX:-UsePerfData"));
    command.addAll(List.of("-XX:ReservedCodeCacheSize=24m", "-XX:MaxDirectMemorySize=8m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(LogAgentMain.class.getName());
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(new File("/dev/null"));
    builder
        .environment()
        .putAll(
            Map.of(
                "NIRO_SERVER",
                server.address().toString(),
                "NIRO_TOKEN",
                token,
                "NIRO_ENABLE_LOGS",
                "1",
                "KUBECONFIG",
                kubeconfig.toString()));
    Process process = builder.start();
    Thread reader = new Thread(() -> listen(process), "agent-output");
    reader.setDaemon(true);
    reader.start();
    return process;
  }

  private void listen(Process process) {
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.startsWith("beat ")) {
          beats.add(Long.parseLong(line.substring("beat ".length())));
        }
      }
    } catch (IOException e) {
      System.err.println("the agent's output ended: " + e);
    }
  }

  private static boolean offersLogs(RunningServer server, Clusters.NewCluster made) {
    return server
        .niro()
        .fleet()
        .cluster(made.id())
        .filter(view -> view.info().capabilities().has("logs"))
        .isPresent();
  }

  private static long rss(Process process) throws IOException {
    Path status = Path.of("/proc", String.valueOf(process.pid()), "status");
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElse(0);
  }

  private static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("not within 60 s: " + what);
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }
}
