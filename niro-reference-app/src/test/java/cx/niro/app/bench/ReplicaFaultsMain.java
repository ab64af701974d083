package cx.niro.app.bench;

import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/**
 * {@code ReplicaFaultsMain --fault
 * none|kill|stop|cut|hold|clock|rolling|database-restart|database-slow,… [--strikes 4]
 * [--longest-seconds 25] [--held 20] [--rate 60] [--seed 1] [--broken nothing|commits|timeline]}:
 * ends with 1 when anything acknowledged is missing, there twice, late or shown wrongly by any
 * server, and then leaves the folder with the servers' logs behind.
 */
public final class ReplicaFaultsMain {
  private ReplicaFaultsMain() {}

  public static void main(String[] args) throws Exception {
    Arguments arguments = new Arguments(args);
    ReplicaFaults.Plan plan =
        new ReplicaFaults.Plan(
            Arrays.stream(arguments.text("fault", "kill").split(","))
                .map(name -> Fault.valueOf(constant(name)))
                .toList(),
            arguments.number("strikes", 4),
            Duration.ofSeconds(arguments.number("longest-seconds", 25)),
            arguments.number("held", 20),
            arguments.number("rate", 60),
            arguments.number("seed", 1),
            ReplicaFaults.Broken.valueOf(constant(arguments.text("broken", "nothing"))),
            Files.createTempDirectory("niro-replicas"));
    System.out.println("in " + plan.folder());
    ReplicaReport report = ReplicaFaults.run(plan);
    System.out.print(report);
    if (report.isClean()) {
      Trees.delete(plan.folder());
    }
    System.exit(report.isClean() ? 0 : 1);
  }

  private static String constant(String text) {
    return text.toUpperCase(Locale.ROOT).replace('-', '_');
  }
}
