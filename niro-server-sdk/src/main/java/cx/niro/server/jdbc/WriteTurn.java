package cx.niro.server.jdbc;

import java.sql.PreparedStatement;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.StatementCustomizer;

/**
 * Lets transactions that write follow one another, from their first write to their end. A commit of
 * H2 stores all tables and indexes as they are then, one after the other, and with them by halves
 * what another transaction is doing; after a crash that half stays, for example an entry in a
 * unique index without its row. Reads go on meanwhile.
 */
final class WriteTurn implements StatementCustomizer {
  /** Fair, so that a forced write serves everybody who waited for it. */
  private final ReentrantLock lock = new ReentrantLock(true);

  /** Runs a whole transaction; what it has taken it gives back. */
  <T> T during(Supplier<T> transaction) {
    try {
      return transaction.get();
    } finally {
      if (lock.isHeldByCurrentThread()) {
        lock.unlock();
      }
    }
  }

  /** Waits for those before; within {@link #during}. */
  void begin() {
    if (!lock.isHeldByCurrentThread()) {
      lock.lock();
    }
  }

  @Override
  public void beforeExecution(PreparedStatement statement, StatementContext context) {
    String sql = context.getRawSql().strip().toUpperCase(Locale.ROOT);
    boolean reads = sql.startsWith("SELECT") || sql.startsWith("CALL");
    if (!reads || sql.endsWith("FOR UPDATE")) {
      begin();
    }
  }
}
