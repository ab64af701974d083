package cx.niro.server.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.Set;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The one place where databases differ. */
enum Dialect {
  H2(Inserts.UNDONE),
  POSTGRESQL(Inserts.FATAL);

  /** H2: database is closed, called at shutdown. */
  private static final Set<Integer> CLOSED = Set.of(90098, 90121);

  /** Serialization failure, deadlock, and H2's time-out of a lock. */
  private static final Set<String> TRANSIENT = Set.of("40001", "40P01", "HYT00");

  /**
   * PostgreSQL: ended by its administrator, crashed, starting, not the primary any more, or weary
   * of a transaction that stood still.
   */
  private static final Set<String> AWAY =
      Set.of("57P01", "57P02", "57P03", "57P05", "25006", "25P03");

  private static final String CONNECTION_CLASS = "08";

  /** What a transaction begins with. */
  final Inserts inserts;

  Dialect(Inserts inserts) {
    this.inserts = inserts;
  }

  static Dialect of(DataSource dataSource) {
    try (Connection connection = dataSource.getConnection()) {
      String product = connection.getMetaData().getDatabaseProductName();
      for (Dialect dialect : values()) {
        if (dialect.name().equalsIgnoreCase(product)) {
          return dialect;
        }
      }
      throw new IllegalArgumentException(
          "no SQL dialect for the database product '" + product + "'");
    } catch (SQLException e) {
      throw JdbcStores.unreachable(e);
    }
  }

  /** How rows are written behind. */
  InventoryBatches batches() {
    return this == H2 ? new RowBatches() : new ArrayBatches();
  }

  /** Where the versioned schema files are, on the class path. */
  String[] migrations() {
    String here = "classpath:cx/niro/server/jdbc/";
    return this == H2 ? new String[] {here + "sql", here + "h2"} : new String[] {here + "sql"};
  }

  /** H2: whether this transaction changed anything. */
  static boolean hasWritten(Handle handle) {
    return handle.createQuery("CALL TRANSACTION_ID()").mapTo(String.class).findOne().isPresent();
  }

  /**
   * Forces everything committed so far onto the disk. H2 writes at a commit at best, it never
   * forces.
   */
  static void force(Handle handle) {
    handle.execute("CHECKPOINT SYNC");
  }

  /** PostgreSQL: its wall clock. */
  static Instant clock(Handle handle) {
    return handle.createQuery("SELECT clock_timestamp()").mapTo(Instant.class).one();
  }

  /** Whether the same transaction may succeed when it is run again at once. */
  static boolean isTransient(Throwable thrown) {
    return hasState(thrown, TRANSIENT);
  }

  /** Whether there is no database to talk to for now. */
  static boolean isAway(Throwable thrown) {
    SQLException cause = sqlCause(thrown);
    String state = cause == null ? null : cause.getSQLState();
    return state != null && (state.startsWith(CONNECTION_CLASS) || AWAY.contains(state));
  }

  /** Whether the database has closed itself for good, as after a write that failed. */
  static boolean isClosed(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && CLOSED.contains(sql.getErrorCode())) {
        return true;
      }
    }
    return false;
  }

  static boolean hasState(Throwable thrown, Collection<String> states) {
    SQLException cause = sqlCause(thrown);
    return cause != null && cause.getSQLState() != null && states.contains(cause.getSQLState());
  }

  private static @Nullable SQLException sqlCause(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return sql;
      }
    }
    return null;
  }
}
