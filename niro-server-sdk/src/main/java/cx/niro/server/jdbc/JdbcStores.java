package cx.niro.server.jdbc;

import cx.niro.core.ErrorCode;
import cx.niro.core.RetryLaterException;
import cx.niro.server.spi.InventoryStore;
import cx.niro.server.spi.RetentionStore;
import cx.niro.server.spi.StoreTx;
import cx.niro.server.spi.Stores;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jspecify.annotations.Nullable;

/**
 * Stores in a relational database; H2 so far. Needs {@code org.jdbi:jdbi3-core} on the class path,
 * and {@code org.flywaydb:flyway-core} for {@link #migrate}. The data source is the caller's: it is
 * neither made nor closed here.
 *
 * <p>Before a file of H2 is opened, call {@link H2StoreFile#settle}: H2 alone may overlook its last
 * commits after a crash.
 *
 * <p>Instants are kept to the microsecond. Transactions that collide are run again, up to 5 times.
 */
public final class JdbcStores implements Stores {
  /** How often a transaction that collides with another is run before it is given up. */
  public static final int ATTEMPTS = 5;

  /** Room of the file is given back with the first forced write after so many commits. */
  private static final int RECLAIM_AFTER = 50;

  /** When a transaction counts as done. */
  public enum Commits {
    /**
     * When it is on disk: survives a crash of the process, of the system and a power failure. The
     * default.
     */
    SYNCHRONOUS,
    /**
     * When the database says so, which for H2 can be half a second before anything is written. For
     * throw-away data.
     */
    DEFERRED
  }

  private final Jdbi jdbi;
  private final Dialect dialect;
  private final WriteTurn turn;
  private final JdbcInventoryStore inventory;
  private final @Nullable CommitSync sync;
  private final AtomicInteger sinceReclaimed = new AtomicInteger();
  private final CompletableFuture<RuntimeException> lost = new CompletableFuture<>();

  private JdbcStores(Jdbi jdbi, Dialect dialect, Commits commits) {
    this.jdbi = jdbi;
    this.dialect = dialect;
    this.turn = new WriteTurn();
    jdbi.getConfig(SqlStatements.class).addCustomizer(turn);
    this.inventory = new JdbcInventoryStore(jdbi, dialect, turn, this::wroteBehind);
    this.sync = commits == Commits.SYNCHRONOUS ? new CommitSync(this::force) : null;
  }

  /** Something was written that need not be forced onto the disk. */
  private void wroteBehind() {
    if (sync != null && sinceReclaimed.incrementAndGet() >= RECLAIM_AFTER) {
      sync.await();
    }
  }

  /** The connection first: whoever waits for the turn holds one. */
  private void force() {
    jdbi.useHandle(
        handle ->
            turn.during(
                () -> {
                  turn.begin();
                  if (sinceReclaimed.get() >= RECLAIM_AFTER) {
                    sinceReclaimed.set(0);
                    dialect.reclaim(handle);
                  }
                  dialect.force(handle);
                  return true;
                }));
  }

  /**
   * Stores over a database whose schema is in place, with synchronous commits.
   *
   * @throws RetryLaterException when the database is away
   * @throws IllegalArgumentException for a database product that is not supported
   */
  public static JdbcStores over(DataSource dataSource) {
    return over(dataSource, Commits.SYNCHRONOUS);
  }

  /** The same, with a choice of when a transaction counts as done. */
  public static JdbcStores over(DataSource dataSource, Commits commits) {
    return new JdbcStores(Rows.configure(Jdbi.create(dataSource)), Dialect.of(dataSource), commits);
  }

  /**
   * Brings the schema up to date; never called implicitly. The same files may be fed to another
   * tool: they are in {@code cx/niro/server/jdbc/<dialect>}. The history is kept in the table
   * {@code niro_schema_history}.
   *
   * @throws IllegalStateException when the tables were made by a newer version, or by one whose
   *     files differ from these; nothing was changed then
   */
  public static void migrate(DataSource dataSource) {
    Flyway flyway =
        Flyway.configure(JdbcStores.class.getClassLoader())
            .dataSource(dataSource)
            .locations(Dialect.of(dataSource).migrations())
            .table("niro_schema_history")
            .baselineOnMigrate(true)
            .baselineVersion("0")
            .ignoreMigrationPatterns("*:pending")
            .load();
    try {
      flyway.migrate();
    } catch (FlywayValidateException e) {
      throw new IllegalStateException(
          "the database was made by another version of Niro, whose tables this one does not know;"
              + " use that version, or a new database",
          e);
    }
  }

  @Override
  public <T> T inTransaction(Function<StoreTx, T> work) {
    return durably(handle -> work.apply(new JdbcStoreTx(handle, dialect)));
  }

  private <T> T durably(Function<Handle, T> work) {
    Outcome<T> outcome = retrying(work);
    if (sync != null && outcome.wrote()) {
      sinceReclaimed.incrementAndGet();
      sync.await();
    }
    return outcome.answer();
  }

  private <T> Outcome<T> retrying(Function<Handle, T> work) {
    for (int attempt = 1; ; attempt++) {
      try {
        return turn.during(() -> jdbi.inTransaction(handle -> outcome(handle, work)));
      } catch (JdbiException e) {
        if (Dialect.isClosed(e)) {
          lost.complete(e);
        }
        if (e instanceof ConnectionException || Dialect.isClosed(e)) {
          throw unreachable(e);
        }
        if (attempt == ATTEMPTS || !Dialect.isTransient(e)) {
          throw e;
        }
      }
    }
  }

  private <T> Outcome<T> outcome(Handle handle, Function<Handle, T> work) {
    T answer = work.apply(handle);
    return new Outcome<>(answer, sync != null && dialect.hasWritten(handle));
  }

  private record Outcome<T>(T answer, boolean wrote) {}

  @Override
  public InventoryStore inventory() {
    return inventory;
  }

  @Override
  public RetentionStore retention() {
    return new JdbcRetentionStore(work -> durably(work::applyAsInt));
  }

  /**
   * Completes with the failure when the database has closed itself and does not come back, as H2
   * does when its disk is full; every call is refused from then on. End the process: the next one
   * opens the file anew. Completes on the thread whose call failed.
   */
  public CompletionStage<RuntimeException> lost() {
    return lost.minimalCompletionStage();
  }

  /** Does nothing: the data source is the caller's. */
  @Override
  public void close() {}

  static RetryLaterException unreachable(Throwable cause) {
    return new RetryLaterException(
        ErrorCode.OVERLOADED, "the database cannot be reached: " + cause.getMessage(), cause);
  }
}
