package cx.niro.server.jdbc;

import cx.niro.core.ErrorCode;
import cx.niro.core.RetryLaterException;
import cx.niro.server.spi.InventoryStore;
import cx.niro.server.spi.RetentionStore;
import cx.niro.server.spi.StoreTx;
import cx.niro.server.spi.Stores;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores in H2 or PostgreSQL. Needs {@code org.jdbi:jdbi3-core} on the class path, and for {@link
 * #migrate} and {@link #requireSchema} {@code org.flywaydb:flyway-core}, with PostgreSQL {@code
 * flyway-database-postgresql} too. The data source is the caller's: it is neither made nor closed
 * here.
 *
 * <p>Before a file of H2 is opened, call {@link H2StoreFile#settle}: H2 alone may overlook its last
 * commits after a crash. PostgreSQL may isolate transactions as {@code READ COMMITTED}, its
 * default, or more strictly.
 *
 * <p>Instants are kept to the microsecond. Transactions that collide are run again at once, up to
 * {@value #ATTEMPTS} times.
 */
public final class JdbcStores implements Stores {
  /** How often a transaction that collides with another is run before it is given up. */
  public static final int ATTEMPTS = 30;

  /** Room of the file is given back with the first forced write after so many commits. */
  private static final Logger LOG = LoggerFactory.getLogger(JdbcStores.class);

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
     * throw-away data. PostgreSQL goes by its own {@code synchronous_commit} in both cases.
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
  private final AtomicBoolean away = new AtomicBoolean();

  private JdbcStores(Jdbi jdbi, Dialect dialect, Commits commits) {
    boolean h2 = dialect == Dialect.H2;
    this.jdbi = jdbi;
    this.dialect = dialect;
    this.turn = new WriteTurn();
    if (h2) {
      jdbi.getConfig(SqlStatements.class).addCustomizer(turn);
    }
    this.inventory = new JdbcInventoryStore(this::behind, dialect.batches());
    this.sync = h2 && commits == Commits.SYNCHRONOUS ? new CommitSync(this::force) : null;
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
                    H2Space.reclaim(handle.getConnection());
                  }
                  Dialect.force(handle);
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
   * tool: they are in {@code cx/niro/server/jdbc/sql}, and for H2 in {@code …/jdbc/h2} too. The
   * history is kept in the table {@code niro_schema_history}.
   *
   * @throws IllegalStateException when the tables were made by a newer version, or by one whose
   *     files differ from these; nothing was changed then
   */
  public static void migrate(DataSource dataSource) {
    new Schema(dataSource).migrate();
  }

  /**
   * Makes sure that the tables are those of this version, and changes nothing.
   *
   * @throws IllegalStateException when they are older, newer or not there, with the next step
   */
  public static void requireSchema(DataSource dataSource) {
    new Schema(dataSource).require();
  }

  @Override
  public <T> T inTransaction(Function<StoreTx, T> work) {
    return durably(work::apply);
  }

  private <T> T durably(Function<JdbcStoreTx, T> work) {
    Outcome<T> outcome = retrying(work);
    if (sync != null && outcome.wrote()) {
      sinceReclaimed.incrementAndGet();
      sync.await();
    }
    return outcome.answer();
  }

  /** The same for what need not be forced onto the disk. */
  private <T> T behind(Function<JdbcStoreTx, T> work) {
    Outcome<T> outcome = retrying(work);
    if (sync != null && outcome.wrote() && sinceReclaimed.incrementAndGet() >= RECLAIM_AFTER) {
      sync.await();
    }
    return outcome.answer();
  }

  private <T> Outcome<T> retrying(Function<JdbcStoreTx, T> work) {
    Inserts inserts = dialect.inserts;
    for (int attempt = 1; ; attempt++) {
      try {
        Outcome<T> outcome = attempt(work, inserts);
        reached();
        return outcome;
      } catch (JdbiException e) {
        boolean refused = inserts == Inserts.FATAL && Inserts.isRefusal(e);
        if (!refused && !Dialect.isTransient(e)) {
          throw failure(e);
        }
        if (attempt == ATTEMPTS) {
          throw new RetryLaterException(
              ErrorCode.OVERLOADED, "gave up after " + ATTEMPTS + " collisions in the database", e);
        }
        inserts = refused ? Inserts.SAVED : inserts;
      }
    }
  }

  private <T> Outcome<T> attempt(Function<JdbcStoreTx, T> work, Inserts inserts) {
    return turn.during(
        () ->
            jdbi.inTransaction(
                handle -> {
                  T answer = work.apply(new JdbcStoreTx(handle, inserts));
                  return new Outcome<>(answer, sync != null && Dialect.hasWritten(handle));
                }));
  }

  private RuntimeException failure(JdbiException thrown) {
    boolean closed = Dialect.isClosed(thrown);
    if (closed) {
      lost.complete(thrown);
    }
    if (!closed && !(thrown instanceof ConnectionException) && !Dialect.isAway(thrown)) {
      return thrown;
    }
    if (away.compareAndSet(false, true)) {
      LOG.warn("the database cannot be reached: {}", root(thrown).toString());
    }
    return unreachable(thrown);
  }

  private void reached() {
    if (away.get() && away.compareAndSet(true, false)) {
      LOG.info("the database can be reached again");
    }
  }

  private static Throwable root(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    return cause;
  }

  private record Outcome<T>(T answer, boolean wrote) {}

  @Override
  public InventoryStore inventory() {
    return inventory;
  }

  /** With PostgreSQL, which several servers may share. */
  @Override
  public boolean isShared() {
    return dialect == Dialect.POSTGRESQL;
  }

  @Override
  public @Nullable Instant now() {
    try {
      return dialect == Dialect.POSTGRESQL ? jdbi.withHandle(Dialect::clock) : null;
    } catch (JdbiException e) {
      throw failure(e);
    }
  }

  @Override
  public RetentionStore retention() {
    return new JdbcRetentionStore(this::durably);
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

  /** What the cause says of statements and addresses is not for callers; the log has it. */
  static RetryLaterException unreachable(Throwable cause) {
    return new RetryLaterException(ErrorCode.OVERLOADED, "the database cannot be reached", cause);
  }
}
