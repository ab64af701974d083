package cx.niro.server.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import cx.niro.server.jdbc.JdbcStores;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL of its own for each process that runs tests, started when it is first asked for.
 * Where none can be started tests {@link WithPostgres} are skipped, and with {@code
 * NIRO_REQUIRE_POSTGRES=1} they fail.
 */
public final class RealPostgres {
  private static final Logger LOG = LoggerFactory.getLogger(RealPostgres.class);
  private static final AtomicInteger DATABASES = new AtomicInteger();

  private final @Nullable EmbeddedPostgres server;

  private RealPostgres() {
    EmbeddedPostgres started = null;
    try {
      started = EmbeddedPostgres.builder().setServerConfig("max_connections", "200").start();
    } catch (Exception | LinkageError e) {
      LOG.warn("No PostgreSQL can be started on this machine: {}", e.toString());
    }
    this.server = started;
  }

  private static final class Only {
    private static final RealPostgres SERVER = new RealPostgres();
  }

  private static final class Shared {
    private static final DataSource DATABASE = pooled();

    static {
      JdbcStores.migrate(DATABASE);
    }
  }

  /** Connecting takes longer than most of what tests ask. */
  private static DataSource pooled() {
    HikariConfig config = new HikariConfig();
    config.setDataSource(newDatabase());
    config.setMaximumPoolSize(16);
    config.setMinimumIdle(1);
    return new HikariDataSource(config);
  }

  /** Whether one could be started; the condition of {@link WithPostgres}. */
  public static boolean isThere() {
    boolean there = Only.SERVER.server != null;
    assertThat(there || !"1".equals(System.getenv("NIRO_REQUIRE_POSTGRES")))
        .as("NIRO_REQUIRE_POSTGRES is 1, but no PostgreSQL can be started on this machine")
        .isTrue();
    return there;
  }

  private static EmbeddedPostgres server() {
    return Objects.requireNonNull(Only.SERVER.server, "tests need @WithPostgres");
  }

  /** The one database that tests share, with the tables of Niro and nothing in them. */
  public static DataSource emptied() {
    DataSource shared = Shared.DATABASE;
    try (Connection connection = shared.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("TRUNCATE " + tables(statement) + " RESTART IDENTITY CASCADE");
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    return shared;
  }

  private static String tables(Statement statement) throws SQLException {
    StringJoiner names = new StringJoiner(", ");
    String all =
        "SELECT tablename FROM pg_tables WHERE tablename LIKE 'niro_%' AND tablename NOT LIKE '%history'";
    try (ResultSet rows = statement.executeQuery(all)) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    return names.toString();
  }

  /** A database of its own, without tables. */
  public static DataSource newDatabase() {
    return server().getDatabase("postgres", newDatabaseName());
  }

  /** The same as a URL for everybody on this machine: user postgres, any password. */
  public static String newDatabaseUrl() {
    return "jdbc:postgresql://127.0.0.1:" + server().getPort() + "/" + newDatabaseName();
  }

  private static String newDatabaseName() {
    String name = "niro" + DATABASES.incrementAndGet();
    try (Connection connection = server().getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
      return name;
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
