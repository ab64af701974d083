package cx.niro.server.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Set;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** The one place where databases differ. */
enum Dialect {
  H2;

  private static final String UNIQUE_VIOLATION = "23505";
  private static final String FOREIGN_KEY_VIOLATION = "23506";

  /** H2: database is closed, called at shutdown. */
  private static final Set<Integer> CLOSED = Set.of(90098, 90121);

  private static final Set<String> TRANSIENT = Set.of("40001", "40P01", "HYT00");

  static Dialect of(DataSource dataSource) {
    try (Connection connection = dataSource.getConnection()) {
      String product = connection.getMetaData().getDatabaseProductName();
      if (product.equals("H2")) {
        return H2;
      }
      throw new IllegalArgumentException(
          "no SQL dialect for the database product '" + product + "'");
    } catch (SQLException e) {
      throw JdbcStores.unreachable(e);
    }
  }

  /** Where the versioned schema files are, on the class path. */
  String migrations() {
    return "classpath:cx/niro/server/jdbc/" + name().toLowerCase(Locale.ROOT);
  }

  /**
   * Runs an insert; false when a unique constraint forbids it or its cluster is gone. H2 undoes
   * only the statement.
   */
  boolean insert(Update insert) {
    try {
      return insert.execute() == 1;
    } catch (JdbiException e) {
      String state = sqlState(e);
      if (UNIQUE_VIOLATION.equals(state) || FOREIGN_KEY_VIOLATION.equals(state)) {
        return false;
      }
      throw e;
    }
  }

  /** Whether this transaction changed anything. */
  boolean hasWritten(Handle handle) {
    return handle.createQuery("CALL TRANSACTION_ID()").mapTo(String.class).findOne().isPresent();
  }

  /**
   * Forces everything committed so far onto the disk. H2 writes at a commit at best, it never
   * forces.
   */
  void force(Handle handle) {
    handle.execute("CHECKPOINT SYNC");
  }

  /** Makes room in the database's file, while nobody writes. */
  void reclaim(Handle handle) {
    H2Space.reclaim(handle.getConnection());
  }

  /** Whether the same transaction may succeed when it is run again at once. */
  static boolean isTransient(Throwable thrown) {
    String state = sqlState(thrown);
    return state != null && TRANSIENT.contains(state);
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

  private static @Nullable String sqlState(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return sql.getSQLState();
      }
    }
    return null;
  }
}
