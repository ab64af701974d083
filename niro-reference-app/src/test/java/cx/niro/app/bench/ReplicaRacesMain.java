package cx.niro.app.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * {@code ReplicaRacesMain [--times 100] [--seed 1]}: ends with 1 when a race over three servers
 * ended as it may not.
 */
public final class ReplicaRacesMain {
  private ReplicaRacesMain() {}

  public static void main(String[] args) throws Exception {
    Arguments arguments = new Arguments(args);
    Path folder = Files.createTempDirectory("niro-races");
    RaceReport report = run(folder, arguments.number("times", 100), arguments.number("seed", 1));
    System.out.print(report);
    if (report.isClean()) {
      Trees.delete(folder);
    }
    System.exit(report.isClean() ? 0 : 1);
  }

  /** Runs each race so many times; blocks. */
  public static RaceReport run(Path folder, int times, long seed) {
    RaceReport report = new RaceReport();
    try (Replicas replicas = new Replicas(folder, Map.of(), List.of());
        ReplicaRaces races = new ReplicaRaces(replicas.clients(), seed, report)) {
      replicas.start();
      races.run(times);
    }
    return report;
  }
}
