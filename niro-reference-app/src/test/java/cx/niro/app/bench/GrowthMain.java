package cx.niro.app.bench;

import com.zaxxer.hikari.HikariDataSource;
import cx.niro.core.BootId;
import cx.niro.core.ClusterId;
import cx.niro.core.CommandId;
import cx.niro.core.Environment;
import cx.niro.core.OrganizationId;
import cx.niro.core.protocol.CommandState;
import cx.niro.core.protocol.RawJson;
import cx.niro.server.jdbc.JdbcStores;
import cx.niro.server.spi.ClusterRow;
import cx.niro.server.spi.CommandRow;
import cx.niro.server.spi.InventoryRow;
import cx.niro.server.spi.StoreTx;
import cx.niro.server.spi.TimelineEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * {@code GrowthMain [--commits 12000] [--threads 8] [--clusters 100]}: how large the file of an H2
 * store is while transactions come and go, beside what it is once it is compacted.
 */
public final class GrowthMain {
  private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
  private static final int PARTS = 6;

  private final JdbcStores stores;
  private final int clusters;
  private final AtomicInteger commits = new AtomicInteger();

  GrowthMain(JdbcStores stores, int clusters) {
    this.stores = stores;
    this.clusters = clusters;
  }

  public static void main(String[] args) throws Exception {
    Arguments arguments = new Arguments(args);
    Path folder = Files.createTempDirectory("niro-growth");
    Path file = folder.resolve("niro.mv.db");
    int commits = arguments.number("commits", 12_000);
    try (HikariDataSource source = new HikariDataSource()) {
      source.setJdbcUrl("jdbc:h2:file:" + folder.resolve("niro") + ";WRITE_DELAY=0");
      source.setUsername("sa");
      source.setPassword("");
      JdbcStores.migrate(source);
      GrowthMain main = new GrowthMain(JdbcStores.over(source), arguments.number("clusters", 100));
      main.prepare();
      long start = System.nanoTime();
      long largest = 0;
      for (int part = 1; part <= PARTS; part++) {
        main.run(arguments.number("threads", 8), commits * part / PARTS);
        long size = Files.size(file);
        largest = Math.max(largest, size);
        System.out.printf(
            Locale.ROOT,
            "%6d commits %6.1f s %7.1f MB%n",
            main.commits.get(),
            (System.nanoTime() - start) / 1e9,
            size / 1e6);
      }
      shutDown(source);
      double live = Files.size(file);
      System.out.printf(
          Locale.ROOT, "compacted %.1f MB, at most %.1f times that%n", live / 1e6, largest / live);
    } finally {
      Trees.delete(folder);
    }
  }

  /** Handing the connection back fails, for the database is closed by then. */
  @SuppressWarnings("resource")
  private static void shutDown(HikariDataSource source) throws SQLException {
    source.getConnection().createStatement().execute("SHUTDOWN COMPACT");
  }

  void prepare() {
    for (int i = 0; i < clusters; i++) {
      ClusterRow row =
          new ClusterRow(
              id(i),
              new OrganizationId("bench"),
              "cluster-" + i,
              Environment.PRODUCTION,
              Map.of(),
              null,
              null,
              null,
              T0,
              null,
              T0);
      stores.inTransaction(tx -> tx.clusters().insert(row));
    }
  }

  private ClusterId id(int number) {
    return new ClusterId("cluster" + number % clusters);
  }

  void run(int threads, int until) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        all.add(pool.submit(() -> write(until)));
      }
      for (Future<?> one : all) {
        one.get();
      }
    } finally {
      pool.shutdown();
    }
  }

  private void write(int until) {
    int number = commits.incrementAndGet();
    while (number <= until) {
      step(number);
      number = commits.incrementAndGet();
    }
    commits.decrementAndGet();
  }

  /** Two of three write a command, or end it; every third writes an inventory. */
  private void step(int number) {
    SplittableRandom random = new SplittableRandom(number);
    ClusterId cluster = id(random.nextInt(clusters));
    if (number % 3 == 2) {
      byte[] body = new byte[2_000 + random.nextInt(30_000)];
      random.nextBytes(body);
      stores
          .inventory()
          .save(List.of(new InventoryRow(cluster, new BootId("b"), 1, number, T0, 1, body)));
      return;
    }
    CommandRow command = command(cluster, number, text(random));
    boolean unused = stores.inTransaction(tx -> write(tx, command, number));
  }

  /** H2 compresses what it compacts: the payload must not help it. */
  private static String text(SplittableRandom random) {
    byte[] bytes = new byte[random.nextInt(1_000)];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** A second for each commit. */
  static Instant at(int number) {
    return T0.plusSeconds(number);
  }

  private static boolean write(StoreTx tx, CommandRow command, int number) {
    tx.commands().insert(command);
    tx.timeline()
        .append(
            new TimelineEntry(
                command.cluster(),
                at(number),
                "command_sent",
                "Command " + number,
                Map.of("n", "x")));
    for (CommandRow open : tx.commands().open(command.cluster())) {
      if (!open.id().equals(command.id())) {
        tx.commands().update(open, ended(open, at(number)));
      }
    }
    return true;
  }

  private static CommandRow command(ClusterId cluster, int number, String text) {
    CommandRow.Request request =
        new CommandRow.Request(
            "ping",
            CommandRow.Payload.of(new RawJson("{\"a\":\"" + text + "\"}")),
            null,
            "key-" + number,
            true,
            "bench",
            at(number),
            at(number).plusSeconds(60));
    return new CommandRow(
        new CommandId("command" + number),
        cluster,
        request,
        CommandState.PENDING,
        0,
        null,
        false,
        null,
        null,
        null,
        null);
  }

  private static CommandRow ended(CommandRow row, Instant at) {
    return new CommandRow(
        row.id(),
        row.cluster(),
        row.request(),
        CommandState.SUCCEEDED,
        1,
        null,
        false,
        null,
        new RawJson("{\"ok\":true}"),
        null,
        at);
  }
}
