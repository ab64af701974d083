package cx.niro.app.bench;

import cx.niro.app.bench.Facts.Fact;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Kills a server again and again while clients use it, and afterwards asks it for everything that
 * it acknowledged.
 */
public final class KillLoop {
  private static final int CHECKED_AT_RESTART = 8;
  private static final int KILLS_PER_KILL_AT_START = 8;

  /**
   * What is done.
   *
   * @param commits synchronous or deferred, as {@code niro server} takes it
   * @param longest how long at most the server runs between two kills
   */
  public record Plan(
      int kills, String commits, int threads, int rate, long seed, Duration longest, Path folder) {}

  private final Plan plan;
  private final SplittableRandom random;
  private final ServerProcess server;
  private FactLoad load;
  private FactCheck check;
  private long readySince;
  private long servedNanos;
  private int killsAtStart;

  private KillLoop(Plan plan) {
    this.plan = plan;
    this.random = new SplittableRandom(plan.seed);
    this.server = new ServerProcess(plan.folder, List.of("--commits", plan.commits));
  }

  /** Runs it; blocks until the last check is done. */
  public static KillReport run(Plan plan) throws InterruptedException {
    return new KillLoop(plan).run();
  }

  private KillReport run() throws InterruptedException {
    server.spawn();
    awaitReady();
    load =
        new FactLoad(
            new PlainClient(server.uri()),
            new FactLoad.Plan(plan.threads, plan.rate, random.split()));
    check = new FactCheck(new PlainClient(server.uri()), load.facts);
    try {
      for (int i = 1; i <= plan.kills; i++) {
        killAndRestart(i);
      }
      pause(plan.longest);
      servedNanos += System.nanoTime() - readySince;
      load.end();
      check.check(load.clusters);
      check.checkNames();
    } finally {
      load.stop();
      server.kill();
    }
    return report();
  }

  private void killAndRestart(int number) {
    long millis = plan.longest.toMillis();
    pause(Duration.ofMillis(random.nextLong(millis / 10, millis)));
    server.kill();
    servedNanos += System.nanoTime() - readySince;
    List<Fact> newest = load.facts.newest(CHECKED_AT_RESTART * 4);
    server.spawn();
    if (random.nextInt(KILLS_PER_KILL_AT_START) == 0) {
      pause(Duration.ofMillis(random.nextLong(millis)));
      server.kill();
      killsAtStart++;
      server.spawn();
    }
    awaitReady();
    List<BenchCluster> touched =
        new ArrayList<>(newest.stream().map(Fact::cluster).distinct().toList());
    Collections.reverse(touched);
    check.check(touched.stream().limit(CHECKED_AT_RESTART).toList());
    System.out.printf(
        "kill %d: %d facts so far, missing %d, doubled %d%n",
        number, load.facts.all().size(), check.missing().size(), load.facts.doubled().size());
  }

  private void awaitReady() {
    server.awaitReady();
    readySince = System.nanoTime();
  }

  private static void pause(Duration time) {
    LockSupport.parkNanos(time.toNanos());
  }

  private KillReport report() {
    String head =
        "kills %d while serving, %d while starting; commits %s, seed %d"
            .formatted(plan.kills, killsAtStart, plan.commits, plan.seed);
    return new KillReport(head, Duration.ofNanos(servedNanos), load, check.missing());
  }
}
