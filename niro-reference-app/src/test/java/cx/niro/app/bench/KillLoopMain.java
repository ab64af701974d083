package cx.niro.app.bench;

import java.nio.file.Files;
import java.time.Duration;

/**
 * {@code KillLoopMain [--kills 50] [--commits synchronous|deferred] [--rate 200] [--threads 16]
 * [--seed 1] [--longest-millis 4000]}: ends with 1 when anything acknowledged is missing or there
 * twice, or an answer cannot be, and then leaves the data folder behind.
 */
public final class KillLoopMain {
  private KillLoopMain() {}

  public static void main(String[] args) throws Exception {
    Arguments arguments = new Arguments(args);
    KillLoop.Plan plan =
        new KillLoop.Plan(
            arguments.number("kills", 50),
            arguments.text("commits", "synchronous"),
            arguments.number("threads", 16),
            arguments.number("rate", 200),
            arguments.number("seed", 1),
            Duration.ofMillis(arguments.number("longest-millis", 4000)),
            Files.createTempDirectory("niro-kill-loop"));
    System.out.println("in " + plan.folder());
    KillReport report = KillLoop.run(plan);
    System.out.print(report);
    if (report.isClean()) {
      Trees.delete(plan.folder());
    }
    System.exit(report.isClean() ? 0 : 1);
  }
}
