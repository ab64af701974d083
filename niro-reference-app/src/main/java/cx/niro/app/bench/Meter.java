package cx.niro.app.bench;

import cx.niro.app.CommandException;
import cx.niro.app.ExitCode;
import cx.niro.app.SystemTime;
import cx.niro.app.server.Postgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Looks at what processes have used, before and after. */
final class Meter {
  /** What is written behind comes up to a second later and belongs to the beats before. */
  private static final Duration AFTERWARDS = Duration.ofMillis(1500);

  private static final double MILLIS_TO_SECONDS_PER_1000 = 1.0;

  private final long postmaster;

  /**
   * @param database whose server runs on this machine; null for none
   */
  Meter(@Nullable Postgres database) {
    this.postmaster = database == null ? 0 : postmaster(database);
  }

  /** Properties as the driver wants them. */
  static Properties properties(Postgres database) {
    Properties properties = new Properties();
    String user = database.user();
    String password = database.password();
    if (user != null) {
      properties.setProperty("user", user);
    }
    if (password != null) {
      properties.setProperty("password", password);
    }
    return properties;
  }

  private static long postmaster(Postgres database) {
    try (Connection connection = DriverManager.getConnection(database.url(), properties(database));
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
      row.next();
      return Processes.parent(row.getLong(1));
    } catch (SQLException | IllegalArgumentException e) {
      throw new CommandException(
          ExitCode.USAGE,
          "--database-url: the PostgreSQL must run on this machine, where its processes can be"
              + " looked at: "
              + e.getMessage(),
          e);
    }
  }

  /** Runs {@code load} against {@code child}. */
  Row.Figures measure(Child child, Supplier<Load.Outcome> load) {
    long own = ProcessHandle.current().pid();
    long cpu = Processes.cpuMillis(child.pid());
    long database = database();
    long generator = Processes.cpuMillis(own);
    Load.Outcome outcome = load.get();
    long generated = Processes.cpuMillis(own) - generator;
    SystemTime.sleep(AFTERWARDS);
    double part = MILLIS_TO_SECONDS_PER_1000 / Math.max(1, outcome.count());
    return new Row.Figures(
        (Processes.cpuMillis(child.pid()) - cpu) * part,
        (database() - database) * part,
        generated * part,
        outcome.p50(),
        outcome.p99(),
        Processes.residentMib(child.pid()),
        outcome.count(),
        outcome.failed());
  }

  private long database() {
    return postmaster == 0 ? 0 : Processes.cpuMillisWithChildren(postmaster);
  }
}
