package cx.niro.app.bench;

import cx.niro.app.Logs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code StormMain --storm enrollments|results|trickle|slow-readers|tenant [--count N] [--others
 * 150] [--seconds 20] [--heap 512m]}: a server process with H2 and clients that beat, poll, report
 * results and ask the REST API at a steady pace; prints how long they were answered before a storm
 * and beside it, what the storm was answered, and how the server's heap grew.
 */
public final class StormMain {
  private final Arguments arguments;
  private final ServerProcess server;

  private StormMain(Arguments arguments, Path folder) {
    this.arguments = arguments;
    this.server =
        new ServerProcess(folder, List.of("-Xmx" + arguments.text("heap", "512m")), List.of());
  }

  public static void main(String[] arguments) throws Exception {
    Logs.withoutAgents();
    Path folder = Files.createTempDirectory("niro-storm");
    StormMain main = new StormMain(new Arguments(arguments), folder);
    try {
      main.run();
    } finally {
      main.server.kill();
      Trees.delete(folder);
    }
    System.exit(0);
  }

  private void run() throws Exception {
    server.spawn();
    server.awaitReady();
    if (arguments.text("storm", "").equals("reconnect")) {
      new ReconnectStorm(server, arguments).run();
      return;
    }
    StormSite site = new StormSite(server.uri());
    List<BenchCluster> others = site.enrolled("other", arguments.number("others", 150));
    Storm storm = storm(site);
    Duration calm = Duration.ofSeconds(arguments.number("seconds", 20));
    long heap = heapKib();
    Duration used = server.processorTime();
    StormRun run = StormRun.of(site, others, new Measured(storm, heap), calm);
    run.print();
    System.out.println("the server used " + server.processorTime().minus(used));
    if (storm instanceof TrickleStorm trickle) {
      System.out.println("the last was closed after " + trickle.longest());
    }
  }

  private Storm storm(StormSite site) {
    Duration time = Duration.ofSeconds(arguments.number("seconds", 20));
    return switch (arguments.text("storm", "")) {
      case "enrollments" -> CrowdStorm.ofEnrollments(site, arguments.number("count", 1_000));
      case "results" -> CrowdStorm.ofResults(site, arguments.number("count", 10_000));
      case "trickle" ->
          new TrickleStorm(site, arguments.number("count", 1_000), Duration.ofSeconds(60));
      case "slow-readers" -> new SlowReaderStorm(site, arguments.number("count", 100), time);
      case "tenant" -> new TenantStorm(site, arguments.number("count", 64), time);
      default ->
          throw new IllegalArgumentException(
              "--storm enrollments|results|trickle|slow-readers|tenant|reconnect");
    };
  }

  /** The server's heap in use, after it was cleared up. */
  private long heapKib() throws Exception {
    jcmd("GC.run");
    Matcher used = Pattern.compile("used (\\d+)K").matcher(jcmd("GC.heap_info"));
    return used.find() ? Long.parseLong(used.group(1)) : 0;
  }

  private String jcmd(String command) throws IOException {
    String tool = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process process =
        new ProcessBuilder(tool, String.valueOf(server.pid()), command)
            .redirectErrorStream(true)
            .start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** Looks at the heap in the midst of it, from a thread of its own. */
  private final class Measured implements Storm {
    private final Storm storm;
    private final long before;

    Measured(Storm storm, long before) {
      this.storm = storm;
      this.before = before;
    }

    @Override
    public void prepare() throws Exception {
      storm.prepare();
    }

    @Override
    public void run() throws Exception {
      Thread look = new Thread(this::look, "heap");
      look.start();
      long start = System.nanoTime();
      storm.run();
      System.out.println("the storm took " + Duration.ofNanos(System.nanoTime() - start));
      look.join();
    }

    private void look() {
      try {
        Thread.sleep(8_000);
        System.out.println("heap grew by " + (heapKib() - before) + " KiB");
      } catch (Exception e) {
        System.out.println("heap: " + e);
      }
    }

    @Override
    public Outcomes outcomes() {
      return storm.outcomes();
    }

    @Override
    public List<String> faults() {
      return storm.faults();
    }
  }
}
