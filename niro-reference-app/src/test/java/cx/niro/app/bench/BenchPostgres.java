package cx.niro.app.bench;

import cx.niro.app.Main;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * A PostgreSQL of its own that can be restarted in the midst of everything. It forces each commit
 * onto the disk, which embedded ones do not by default, unless {@code config} says otherwise.
 */
final class BenchPostgres implements AutoCloseable {
  static final String USER = "postgres";
  private static final String NAME = "niro";
  private static final Map<String, String> DURABLE =
      Map.of("fsync", "on", "synchronous_commit", "on", "max_connections", "100");

  private final Path data;
  private final Map<String, String> config;
  private EmbeddedPostgres server;

  BenchPostgres(Path folder, Map<String, String> config) {
    this.data = folder.resolve("postgres");
    this.config = new HashMap<>(DURABLE);
    this.config.putAll(config);
    start(0);
    execute("postgres", "CREATE DATABASE " + NAME);
    migrate();
  }

  private void start(int port) {
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setDataDirectory(data)
            .setCleanDataDirectory(false)
            .setPGStartupWait(Duration.ofMinutes(2));
    if (port > 0) {
      builder.setPort(port);
    }
    config.forEach(builder::setServerConfig);
    try {
      server = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void migrate() {
    int exit =
        Main.commandLine()
            .execute("migrate", "--database-url", url(port()), "--database-user", USER);
    if (exit != 0) {
      throw new IllegalStateException("niro migrate ended with " + exit);
    }
  }

  int port() {
    return server.getPort();
  }

  /** Of the database, by way of a port that leads to it. */
  static String url(int port) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + NAME;
  }

  /** Ends everybody's connection at once, flushes nothing, and recovers from its log. */
  void crashAndRestart() {
    int port = port();
    try {
      long pid = Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip());
      ServerProcess.signal(pid, "QUIT");
      BenchFleet.await(
          "the end of PostgreSQL",
          Duration.ofMinutes(1),
          () -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start(port);
  }

  void execute(String sql) {
    execute(NAME, sql);
  }

  private void execute(String database, String sql) {
    try (Connection connection = server.getDatabase(USER, database).getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** The first column of the first row. */
  long number(String sql) {
    try (Connection connection = server.getDatabase(USER, NAME).getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
