package cx.niro.app.server;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import cx.niro.app.CommandException;
import cx.niro.app.ExitCode;
import cx.niro.app.SystemTime;
import cx.niro.app.access.Access;
import cx.niro.server.jdbc.H2StoreFile;
import cx.niro.server.jdbc.JdbcStores;
import cx.niro.server.jdbc.JdbcStores.Commits;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The database of a server process: PostgreSQL, a file in the data folder, or memory. */
final class Database {
  private static final Logger log = LoggerFactory.getLogger(Database.class);
  private static final int CONNECTIONS = 10;

  /**
   * For a connection. Clients give up after 10 s and send again, elsewhere too: what they gave up
   * is not to be carried out when the database is back.
   */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** To see whether an idle connection still works; then another one is tried, or opened. */
  private static final Duration PROBE = Duration.ofMillis(1500);

  private static final int ALREADY_OPEN = 90020;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private Database() {}

  /**
   * Opens it with the tables of this version: in a file they are made or updated, like the folder
   * and the file; in PostgreSQL that is {@code niro migrate}'s.
   *
   * @throws CommandException when another process has it, the folder cannot be used, or the tables
   *     are of another version
   */
  static HikariDataSource open(ServerSettings settings) {
    Postgres postgres = settings.postgres();
    Path dataDir = settings.dataDir();
    HikariDataSource opened;
    if (postgres == null) {
      opened = openFile(dataDir, settings.commits());
    } else {
      prepare(Objects.requireNonNull(dataDir, "PostgreSQL has no key of its own"));
      opened = serve(postgres);
    }
    try {
      if (postgres == null) {
        migrate(opened, dataDir == null ? "memory" : dataDir);
      } else {
        require(opened, postgres);
      }
      return opened;
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  /** Makes the tables, or brings them to this version. */
  static void migrate(HikariDataSource database, Object name) {
    try {
      JdbcStores.migrate(database);
      Access.migrate(database);
    } catch (RuntimeException e) {
      throw new CommandException(ExitCode.FAILED, name + ": " + why(e), e);
    }
  }

  private static void require(HikariDataSource database, Postgres postgres) {
    try {
      JdbcStores.requireSchema(database);
      Access.requireSchema(database);
    } catch (IllegalStateException e) {
      throw new CommandException(
          ExitCode.FAILED,
          postgres + ": " + e.getMessage() + " (niro migrate brings tables to its version)",
          e);
    }
  }

  /** Opens PostgreSQL as it is. */
  static HikariDataSource connect(Postgres postgres) {
    return connect(postgres, config(postgres.url()));
  }

  /**
   * The same for a server, which may be stopped in the midst of a transaction: others must not wait
   * for its locks.
   */
  private static HikariDataSource serve(Postgres postgres) {
    HikariConfig config = config(postgres.url());
    config.setConnectionTimeout(PATIENCE.toMillis());
    config.setValidationTimeout(PROBE.toMillis());
    config.setConnectionInitSql("SET idle_in_transaction_session_timeout = '5s'");
    config.setMaximumPoolSize(postgres.listen() ? CONNECTIONS + 1 : CONNECTIONS);
    return connect(postgres, config);
  }

  private static HikariDataSource connect(Postgres postgres, HikariConfig config) {
    config.setUsername(postgres.user());
    config.setPassword(postgres.password());
    try {
      return new HikariDataSource(config);
    } catch (RuntimeException e) {
      throw new CommandException(
          ExitCode.UNREACHABLE, "the database " + postgres + " cannot be opened: " + why(e), e);
    }
  }

  static HikariDataSource openFile(@Nullable Path dataDir, Commits commits) {
    if (dataDir == null) {
      // It lives as long as one connection is open, and the pool keeps one.
      return pool("jdbc:h2:mem:niro-" + Long.toHexString(SystemTime.RANDOM.nextLong()));
    }
    prepare(dataDir);
    Path file = dataDir.toAbsolutePath().resolve("niro");
    boolean isNew = !Files.exists(Path.of(file + ".mv.db"));
    settle(Path.of(file + ".mv.db"));
    // Without it a commit may stay in the process for half a second before anything is written.
    String delay = commits == Commits.SYNCHRONOUS ? ";WRITE_DELAY=0" : "";
    HikariDataSource database;
    try {
      database =
          pool("jdbc:h2:file:" + file + delay + ";DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0");
    } catch (RuntimeException e) {
      throw failure(dataDir, e);
    }
    tighten(dataDir, isNew);
    return database;
  }

  /**
   * A folder that was there keeps its mode, so each file in it that others may read is made ours
   * alone: the database holds hashes and whatever clusters reported.
   */
  private static void tighten(Path dataDir, boolean isNew) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(dataDir, "niro.*")) {
      for (Path file : files) {
        tightenFile(file, isNew);
      }
    } catch (IOException | UnsupportedOperationException | DirectoryIteratorException e) {
      log.warn("Whether others may read the files in {} could not be looked at: {}", dataDir, e);
    }
  }

  private static void tightenFile(Path file, boolean isNew) throws IOException {
    Set<PosixFilePermission> found = Files.getPosixFilePermissions(file);
    if (OWNER_ONLY.containsAll(found)) {
      return;
    }
    Files.setPosixFilePermissions(file, OWNER_ONLY);
    if (!isNew) {
      String mode = PosixFilePermissions.toString(found);
      log.info("{} had mode {} and is now readable for its owner only", file, mode);
    }
  }

  private static void settle(Path file) {
    try {
      if (H2StoreFile.settle(file)) {
        log.info("The database was not closed the last time; its last commit was found");
      }
    } catch (IOException e) {
      throw new CommandException(ExitCode.FAILED, file + " cannot be read: " + e, e);
    }
  }

  private static HikariDataSource pool(String url) {
    HikariConfig config = config(url);
    config.setUsername("sa");
    config.setPassword("");
    config.setMaxLifetime(0);
    return new HikariDataSource(config);
  }

  private static HikariConfig config(String url) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("niro");
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(CONNECTIONS);
    config.setMinimumIdle(1);
    return config;
  }

  /** Only the owner may look into a folder that is made here. */
  private static void prepare(Path dataDir) {
    try {
      if (!Files.isDirectory(dataDir)) {
        Files.createDirectories(
            dataDir,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
    } catch (UnsupportedOperationException e) {
      throw new CommandException(
          ExitCode.FAILED,
          "the data folder " + dataDir + " must be made by hand: no POSIX permissions here",
          e);
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.USAGE,
          "--data-dir (NIRO_DATA_DIR): the folder " + dataDir + " cannot be made: " + e,
          e);
    }
  }

  private static CommandException failure(Path dataDir, RuntimeException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && sql.getErrorCode() == ALREADY_OPEN) {
        return new CommandException(
            ExitCode.CONFLICT,
            "the data folder "
                + dataDir
                + " is in use by another server; stop that one or give this one its own --data-dir",
            failure);
      }
    }
    return new CommandException(
        ExitCode.FAILED,
        "the database in "
            + dataDir
            + " cannot be opened; its file may be damaged, or no database: "
            + why(failure),
        failure);
  }

  /** The message nearest to the cause; some of H2's innermost have none. */
  static String why(Throwable failure) {
    if (failure instanceof IllegalStateException own) {
      return String.valueOf(own.getMessage());
    }
    String why = failure.toString();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      why = cause.getMessage() == null ? why : cause.getMessage();
    }
    return why;
  }
}
