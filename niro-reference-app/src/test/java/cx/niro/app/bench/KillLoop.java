package cx.niro.app.bench;

import cx.niro.app.SystemTime;
import cx.niro.app.bench.Facts.Fact;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
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
  private final PlainClient client;
  private final Facts facts = new Facts();
  private final FactCheck check;
  private final Queue<BenchCluster> clusters = new ConcurrentLinkedQueue<>();
  private final Map<String, LongAdder> refusals = new ConcurrentHashMap<>();
  private volatile boolean stopped;
  private long readySince;
  private long servedNanos;
  private int killsAtStart;

  private KillLoop(Plan plan) {
    this.plan = plan;
    this.random = new SplittableRandom(plan.seed);
    this.server = new ServerProcess(plan.folder, List.of("--commits", plan.commits));
    this.client = new PlainClient(server.uri());
    this.check = new FactCheck(new PlainClient(server.uri()), facts);
  }

  /** Runs it; blocks until the last check is done. */
  public static KillReport run(Plan plan) throws InterruptedException {
    return new KillLoop(plan).run();
  }

  private KillReport run() throws InterruptedException {
    server.spawn();
    awaitReady();
    ExecutorService threads =
        Executors.newFixedThreadPool(plan.threads, SystemTime.daemons("client"));
    try {
      AtomicInteger names = new AtomicInteger();
      for (int i = 0; i < plan.threads; i++) {
        threads.execute(worker(names));
      }
      for (int i = 1; i <= plan.kills; i++) {
        killAndRestart(i);
      }
      pause(plan.longest);
      servedNanos += System.nanoTime() - readySince;
      stopped = true;
      threads.shutdown();
      if (!threads.awaitTermination(2, TimeUnit.MINUTES)) {
        throw new IllegalStateException("a client did not end");
      }
      check.check(clusters);
      check.checkNames();
    } finally {
      stopped = true;
      server.kill();
    }
    return report();
  }

  private Worker worker(AtomicInteger names) {
    Duration pace = Duration.ofSeconds(plan.threads).dividedBy(plan.rate);
    Worker.Course course = new Worker.Course(random.split(), pace, () -> stopped);
    ClusterSteps steps = new ClusterSteps(client, facts, refusals, course);
    return new Worker(steps, course, names, clusters);
  }

  private void killAndRestart(int number) {
    long millis = plan.longest.toMillis();
    pause(Duration.ofMillis(random.nextLong(millis / 10, millis)));
    server.kill();
    servedNanos += System.nanoTime() - readySince;
    List<Fact> newest = facts.newest(CHECKED_AT_RESTART * 4);
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
        number, facts.all().size(), check.missing().size(), facts.doubled().size());
  }

  private void awaitReady() {
    server.awaitReady();
    readySince = System.nanoTime();
  }

  private static void pause(Duration time) {
    LockSupport.parkNanos(time.toNanos());
  }

  private KillReport report() {
    return new KillReport(
        plan,
        new KillReport.Traffic(
            killsAtStart,
            Duration.ofNanos(servedNanos),
            client.answered.sum(),
            client.unanswered.sum(),
            refusals),
        facts,
        check.missing());
  }
}
