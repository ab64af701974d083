package cx.niro.server.jdbc;

import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.Update;

/** What becomes of the inserts of a transaction, and of its updates, that a constraint refuses. */
enum Inserts {
  /** The database takes back the statement alone. */
  UNDONE {
    @Override
    boolean run(Handle handle, BooleanSupplier insert) {
      return caught(insert);
    }
  },
  /** The database gives up the transaction, so it is run again with {@link #SAVED}. */
  FATAL {
    @Override
    boolean run(Handle handle, BooleanSupplier insert) {
      return insert.getAsBoolean();
    }
  },
  /** Each has a savepoint, for two more round trips. */
  SAVED {
    @Override
    boolean run(Handle handle, BooleanSupplier insert) {
      handle.savepoint(SAVEPOINT);
      boolean done = caught(insert);
      if (done) {
        handle.releaseSavepoint(SAVEPOINT);
      } else {
        handle.rollbackToSavepoint(SAVEPOINT);
      }
      return done;
    }
  };

  private static final String SAVEPOINT = "niro_insert";

  /** Of unique constraints; of references, in PostgreSQL and in H2. */
  private static final Set<String> REFUSALS = Set.of("23505", "23503", "23506");

  /** False when a unique constraint forbids it, or what it refers to is gone. */
  abstract boolean run(Handle handle, BooleanSupplier insert);

  boolean run(Update insert) {
    return run(insert.getHandle(), () -> insert.execute() == 1);
  }

  private static boolean caught(BooleanSupplier insert) {
    try {
      return insert.getAsBoolean();
    } catch (JdbiException e) {
      if (isRefusal(e)) {
        return false;
      }
      throw e;
    }
  }

  static boolean isRefusal(Throwable thrown) {
    return Dialect.hasState(thrown, REFUSALS);
  }
}
