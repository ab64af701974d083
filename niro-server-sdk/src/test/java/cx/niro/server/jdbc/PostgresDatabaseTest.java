package cx.niro.server.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cx.niro.core.RetryLaterException;
import cx.niro.server.spi.Page;
import cx.niro.server.spi.TimelineEntry;
import cx.niro.server.testkit.RealPostgres;
import cx.niro.server.testkit.WithPostgres;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every column makes the round trip through PostgreSQL too, and what is particular to it. */
@WithPostgres
class PostgresDatabaseTest extends JdbcStoresTest {
  private static final TimelineEntry ENTRY =
      new TimelineEntry(cluster().id(), cluster().createdAt(), "enrolled", "enrolled", Map.of());

  private DataSource database;

  @Override
  @BeforeEach
  void open() {
    database = RealPostgres.newDatabase();
    super.open();
  }

  @Override
  DataSource reopened() {
    return database;
  }

  @Test
  void a_connection_that_is_cut_is_a_reason_to_try_again() {
    JdbcStores stores = JdbcStores.over(database);

    assertThatThrownBy(
            () ->
                stores.inTransaction(
                    tx -> {
                      cutOthers();
                      return tx.clusters().list(null, 1);
                    }))
        .isInstanceOf(RetryLaterException.class)
        .hasMessage("the database cannot be reached");
    assertThat(stores.lost().toCompletableFuture()).as("it comes back").isNotDone();
    assertThat(stores.<Integer>inTransaction(tx -> tx.clusters().list(null, 1).size())).isZero();
  }

  private void cutOthers() {
    Jdbi.create(database)
        .useHandle(
            handle ->
                handle.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        + " WHERE datname = current_database() AND pid <> pg_backend_pid()"));
  }

  @Test
  void a_transaction_goes_on_after_an_insert_that_was_refused() {
    JdbcStores stores = JdbcStores.over(database);
    boolean second =
        stores.inTransaction(
            tx -> {
              tx.clusters().insert(cluster());
              boolean twice = tx.clusters().insert(cluster());
              tx.timeline().append(ENTRY);
              return twice;
            });

    assertThat(second).isFalse();
    assertThat(
            stores
                .<Page<TimelineEntry>>inTransaction(
                    tx -> tx.timeline().list(cluster().id(), Set.of(), Page.Request.FIRST))
                .items())
        .containsExactly(ENTRY);
  }

  @Test
  void work_that_never_gets_through_is_given_up_as_busy() {
    JdbcStores stores =
        JdbcStores.over(new UnserializableDataSource(database, 1, () -> {}, Integer.MAX_VALUE, 1));

    assertThatThrownBy(() -> stores.inTransaction(tx -> tx.clusters().list(null, 1)))
        .isInstanceOf(RetryLaterException.class)
        .hasMessage("gave up after 30 collisions in the database");
  }
}
