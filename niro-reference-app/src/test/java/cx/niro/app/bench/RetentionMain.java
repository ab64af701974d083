package cx.niro.app.bench;

import com.zaxxer.hikari.HikariDataSource;
import cx.niro.server.jdbc.JdbcStores;
import cx.niro.server.spi.RetentionStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code RetentionMain [--commits 24000] [--parts 8] [--kept 6000] [--threads 8] [--clusters 100]}:
 * how large the tables of a PostgreSQL become while transactions come and what is older than so
 * many of them is deleted, as the server does each hour. Autovacuum has its usual thresholds and
 * looks each second, for what takes 30 days otherwise takes a minute here.
 */
public final class RetentionMain {
  private static final int PIECE = 200;
  private static final List<String> TABLES =
      List.of("niro_timeline", "niro_command", "niro_inventory");

  private final BenchPostgres postgres;
  private final JdbcStores stores;

  private RetentionMain(BenchPostgres postgres, JdbcStores stores) {
    this.postgres = postgres;
    this.stores = stores;
  }

  public static void main(String[] args) throws Exception {
    Arguments arguments = new Arguments(args);
    Path folder = Files.createTempDirectory("niro-retention");
    try (BenchPostgres postgres = new BenchPostgres(folder, Map.of("autovacuum_naptime", "1s"));
        HikariDataSource source = new HikariDataSource()) {
      source.setJdbcUrl(BenchPostgres.url(postgres.port()));
      source.setUsername(BenchPostgres.USER);
      new RetentionMain(postgres, JdbcStores.over(source)).run(arguments);
    } finally {
      Trees.delete(folder);
    }
  }

  private void run(Arguments arguments) throws Exception {
    GrowthMain writer = new GrowthMain(stores, arguments.number("clusters", 100));
    int commits = arguments.number("commits", 24_000);
    int parts = arguments.number("parts", 8);
    writer.prepare();
    for (int part = 1; part <= parts; part++) {
      int until = commits * part / parts;
      writer.run(arguments.number("threads", 8), until);
      clean(GrowthMain.at(until - arguments.number("kept", 6_000)));
      print(until);
    }
    postgres.execute("VACUUM FULL");
    System.out.println("without any room to spare:");
    print(commits);
  }

  private interface Deletion {
    int before(Instant oldest, int limit);
  }

  private void clean(Instant oldest) {
    RetentionStore store = stores.retention();
    for (Deletion deletion :
        List.<Deletion>of(store::deleteTimelineBefore, store::deleteCommandsFinishedBefore)) {
      while (deletion.before(oldest, PIECE) == PIECE) {
        // There is more.
      }
    }
  }

  private void print(int commits) {
    StringBuilder line = new StringBuilder("%6d commits".formatted(commits));
    for (String table : TABLES) {
      long rows = postgres.number("SELECT count(*) FROM " + table);
      long bytes = postgres.number("SELECT pg_total_relation_size('" + table + "')");
      line.append(String.format(Locale.ROOT, "  %s %d rows %.1f MB", table, rows, bytes / 1e6));
    }
    System.out.println(line);
  }
}
