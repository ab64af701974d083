package cx.niro.app.bench;

import com.zaxxer.hikari.HikariDataSource;
import cx.niro.app.SystemTime;
import cx.niro.app.server.Postgres;
import cx.niro.core.protocol.Heartbeat;
import cx.niro.core.protocol.NiroCodec;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * What has to be done for a beat by whoever keeps it: decompress, decode, and write the bytes as
 * they came, for all clusters together once a second, with the newest beat of each.
 */
final class BareWork implements AutoCloseable {
  private static final int THREADS = 4;
  private static final int BODIES = 256;
  private static final int BATCH = 200;
  private static final int DATABASE_ARGUMENT = 4;

  private final NiroCodec codec = NiroCodec.create();
  private final Map<Script.Kind, List<Beat.Body>> bodies = new EnumMap<>(Script.Kind.class);
  private final Map<Integer, byte[]> waiting = new ConcurrentHashMap<>();
  private final ScheduledExecutorService writer =
      Executors.newSingleThreadScheduledExecutor(SystemTime.daemons("write"));
  private final HikariDataSource database;
  private final String upsert;
  private final int clusters;
  private final int[] next = new int[THREADS];
  private volatile @Nullable RuntimeException failure;

  private BareWork(HikariDataSource database, boolean h2, int clusters) {
    this.database = database;
    this.clusters = clusters;
    this.upsert =
        h2
            ? "MERGE INTO niro_bench_floor (cluster, body) KEY (cluster) VALUES (?, ?)"
            : "INSERT INTO niro_bench_floor (cluster, body) VALUES (?, ?)"
                + " ON CONFLICT (cluster) DO UPDATE SET body = EXCLUDED.body";
  }

  static BareWork open(Path folder, List<String> arguments) throws SQLException {
    boolean h2 = arguments.size() <= DATABASE_ARGUMENT;
    HikariDataSource database = new HikariDataSource();
    if (h2) {
      // As a server opens its file.
      database.setJdbcUrl("jdbc:h2:file:" + folder.resolve("floor") + ";WRITE_DELAY=0");
    } else {
      Postgres postgres = BenchServer.postgres(arguments, DATABASE_ARGUMENT);
      database.setJdbcUrl(postgres.url());
      database.setUsername(postgres.user());
      database.setPassword(postgres.password());
      database.addDataSourceProperty("reWriteBatchedInserts", "true");
    }
    int clusters = Integer.parseInt(arguments.get(3));
    BareWork work = new BareWork(database, h2, clusters);
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("DROP TABLE IF EXISTS niro_bench_floor");
      statement.execute(
          "CREATE TABLE niro_bench_floor (cluster VARCHAR(64) PRIMARY KEY, body "
              + (h2 ? "VARBINARY(67108864)" : "BYTEA")
              + ")");
    }
    int nodes = Integer.parseInt(arguments.get(1));
    int pods = Integer.parseInt(arguments.get(2));
    work.fill(Beats.scripts(nodes, pods));
    return work;
  }

  private void fill(List<Script> scripts) {
    for (Script.Kind kind : Script.Kind.values()) {
      List<Beat.Body> some = new ArrayList<>();
      for (int i = 0; i < BODIES; i++) {
        Beat.Numbers numbers =
            new Beat.Numbers("bench-boot-%016x".formatted(i), 1, SystemTime.CLOCK.millis(), i + 1L);
        some.add(scripts.get(i % scripts.size()).at(i, kind).with(numbers));
      }
      bodies.put(kind, some);
    }
    var unused = writer.scheduleWithFixedDelay(this::flushOrFail, 1, 1, TimeUnit.SECONDS);
  }

  Load.Outcome run(Script.Kind kind, double rate, Duration time) {
    List<Beat.Body> some = bodies.getOrDefault(kind, List.of());
    Load.Outcome outcome = new Load(THREADS, rate, time).run(thread -> one(some, thread));
    RuntimeException failed = failure;
    if (failed != null) {
      throw failed;
    }
    return outcome;
  }

  private boolean one(List<Beat.Body> some, int thread) throws IOException {
    int number = next[thread]++ * THREADS + thread;
    Beat.Body body = some.get(Math.floorMod(number, some.size()));
    try (InputStream plain = new ByteArrayInputStream(body.bytes());
        InputStream in = body.gzip() ? new GZIPInputStream(plain) : plain) {
      Heartbeat beat = codec.decode(Heartbeat.class, in, Integer.MAX_VALUE);
      waiting.put(Math.floorMod(number, clusters), body.bytes());
      return beat.sequence() == 1;
    }
  }

  private void flushOrFail() {
    try {
      flush();
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  private void flush() {
    List<Map.Entry<Integer, byte[]>> all = List.copyOf(new HashMap<>(waiting).entrySet());
    for (int from = 0; from < all.size(); from += BATCH) {
      save(all.subList(from, Math.min(from + BATCH, all.size())));
    }
    all.forEach(entry -> waiting.remove(entry.getKey(), entry.getValue()));
  }

  private void save(List<Map.Entry<Integer, byte[]>> rows) {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(upsert)) {
      connection.setAutoCommit(false);
      for (Map.Entry<Integer, byte[]> row : rows) {
        statement.setString(1, "cluster-" + row.getKey());
        statement.setBytes(2, row.getValue());
        statement.addBatch();
      }
      statement.executeBatch();
      connection.commit();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    writer.shutdownNow();
    database.close();
  }
}
