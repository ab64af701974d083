package cx.niro.app.bench;

import cx.niro.app.SystemTime;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * Lets clients and agents use three servers over one PostgreSQL while something goes wrong, and
 * afterwards asks each server for everything that any of them acknowledged.
 */
public final class ReplicaFaults {
  private static final Duration UNKNOWN = Duration.ofSeconds(60);
  private static final Duration SETTLED = Duration.ofSeconds(90);
  private static final List<String> ARGUMENTS =
      List.of(
          "--unknown-after",
          UNKNOWN.toSeconds() + "s",
          "--offline-after",
          "90s",
          "--notify-allow",
          "127.0.0.1");

  /**
   * What is done.
   *
   * @param strikes how often it goes wrong
   * @param longest how long it goes wrong at most, a third at least
   * @param held simulated clusters with real agents
   * @param rate requests of plain clients a second, on 8 threads
   * @param broken what is broken on purpose, so that the checks must find it
   */
  public record Plan(
      List<Fault> faults,
      int strikes,
      Duration longest,
      int held,
      int rate,
      long seed,
      Broken broken,
      Path folder) {}

  /** What is broken on purpose. */
  public enum Broken {
    NOTHING(Map.of(), ""),
    /** Commits are acknowledged before they are on the disk. */
    COMMITS(Map.of("synchronous_commit", "off", "wal_writer_delay", "10s"), ""),
    /** One of 50 entries of the timeline is not written. */
    TIMELINE(
        Map.of(),
        """
        CREATE FUNCTION drop_some() RETURNS trigger LANGUAGE plpgsql AS
          'BEGIN IF random() < 0.02 THEN RETURN NULL; END IF; RETURN NEW; END';
        CREATE TRIGGER drop_some BEFORE INSERT ON niro_timeline
          FOR EACH ROW EXECUTE FUNCTION drop_some()\
        """);

    private final Map<String, String> config;
    private final String sql;

    Broken(Map<String, String> config, String sql) {
      this.config = config;
      this.sql = sql;
    }
  }

  private final Plan plan;
  private final SplittableRandom random;
  private final Replicas replicas;
  private final ReplicaReport report = new ReplicaReport();

  private ReplicaFaults(Plan plan) {
    this.plan = plan;
    this.random = new SplittableRandom(plan.seed);
    this.replicas = new Replicas(plan.folder, plan.broken.config, ARGUMENTS);
  }

  /** Runs it; blocks until the last check is done. */
  public static ReplicaReport run(Plan plan) throws IOException, InterruptedException {
    ReplicaFaults faults = new ReplicaFaults(plan);
    try (faults.replicas) {
      faults.replicas.start();
      faults.run();
      return faults.report;
    }
  }

  private void run() throws IOException, InterruptedException {
    if (!plan.broken.sql.isEmpty()) {
      replicas.postgres().execute(plan.broken.sql);
    }
    PlainClient client = new PlainClient(replicas.uri());
    try (NoticeWatch notices = new NoticeWatch()) {
      notices.subscribe(client);
      FactLoad load = new FactLoad(client, new FactLoad.Plan(8, plan.rate, random.split()));
      try {
        run(load, notices);
      } finally {
        load.stop();
      }
    }
  }

  private void run(FactLoad load, NoticeWatch notices) throws InterruptedException {
    long start = System.nanoTime();
    try (TakeoverProbe takeover = new TakeoverProbe(new PlainClient(replicas.uri()));
        HeldFleet held = new HeldFleet(replicas.uri(), load.facts, plan.held)) {
      held.begin();
      StatusWatch watch =
          new StatusWatch(
              replicas.clients(), () -> StatusWatch.heard(load.clusters, held.members()), UNKNOWN);
      try (watch) {
        strike();
        load.end();
        held.end();
        takeover.end(SETTLED);
        compare(held);
      }
      Duration served = Duration.ofNanos(System.nanoTime() - start);
      checkFacts(load, held, served);
      report.status(watch);
      report.takeover(takeover);
      report.notices(notices, replicas.client(0));
    }
  }

  private void strike() {
    for (int i = 0; i < plan.strikes; i++) {
      int victim = random.nextInt(Replicas.COUNT);
      Fault fault = plan.faults.get(i % plan.faults.size());
      long longest = plan.longest.toMillis();
      long start = System.nanoTime();
      fault.strike(replicas, victim, Duration.ofMillis(random.nextLong(longest / 3, longest)));
      System.out.printf(
          "%s %d of %d at replica %d: %.1f s%n",
          fault, i + 1, plan.strikes, victim, (System.nanoTime() - start) / 1e9);
    }
  }

  private void compare(HeldFleet held) {
    long end = System.nanoTime() + SETTLED.toNanos();
    for (int i = 0; i < Replicas.COUNT; i++) {
      PlainClient server = replicas.client(i);
      report.unfinished(i, untilNone(end, () -> held.unfinished(server)));
      report.differences(i, untilNone(end, () -> held.differences(server)));
    }
  }

  /** What remains although things had time to settle. */
  private static List<String> untilNone(long end, Supplier<List<String>> look) {
    List<String> found = look.get();
    while (!found.isEmpty() && System.nanoTime() < end) {
      SystemTime.sleep(Duration.ofSeconds(1));
      found = look.get();
    }
    return found;
  }

  private void checkFacts(FactLoad load, HeldFleet held, Duration served) {
    List<BenchCluster> all = new ArrayList<>(load.clusters);
    held.members().forEach(one -> all.add(one.text()));
    Set<Facts.Fact> missing = new HashSet<>();
    for (PlainClient server : replicas.clients()) {
      FactCheck check = new FactCheck(server, load.facts);
      check.check(all);
      check.checkNames();
      missing.addAll(check.missing());
    }
    String head =
        "%s, %d strikes, seed %d, broken %s; %d servers over one PostgreSQL, %d agents"
            .formatted(
                plan.faults, plan.strikes, plan.seed, plan.broken, Replicas.COUNT, plan.held);
    report.facts(new KillReport(head, served, load, missing));
  }
}
