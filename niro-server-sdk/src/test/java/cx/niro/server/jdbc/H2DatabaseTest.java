package cx.niro.server.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cx.niro.core.RetryLaterException;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.h2.jdbcx.JdbcDataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of an H2 database that is closed, away, or not made yet. */
class H2DatabaseTest {
  @TempDir Path folder;
  private DataSource dataSource;

  @BeforeEach
  void open() {
    JdbcDataSource source = new JdbcDataSource();
    source.setURL("jdbc:h2:file:" + folder.resolve("niro"));
    dataSource = source;
  }

  @Test
  void a_database_that_closed_itself_is_lost_and_says_so() {
    JdbcStores.migrate(dataSource);
    JdbcConnectionPool pool =
        JdbcConnectionPool.create("jdbc:h2:file:" + folder.resolve("niro"), "", "");
    JdbcStores stores = JdbcStores.over(pool);
    stores.inTransaction(tx -> tx.clusters().list(null, 10));
    assertThat(stores.lost().toCompletableFuture()).isNotDone();
    Jdbi other = Jdbi.create(dataSource);
    assertThatThrownBy(() -> other.useHandle(handle -> handle.execute("shutdown immediately")))
        .as("the connection goes with it");

    assertThatThrownBy(() -> stores.inTransaction(tx -> tx.clusters().list(null, 10)))
        .isInstanceOf(RetryLaterException.class);
    assertThat(stores.lost().toCompletableFuture()).isCompleted();
    pool.dispose();
  }

  @Test
  void tables_that_are_not_there_or_older_are_refused_with_the_next_step() {
    assertThatThrownBy(() -> JdbcStores.requireSchema(dataSource))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the database has no tables of Niro yet; migrate it first");

    JdbcStores.migrate(dataSource);
    Jdbi.create(dataSource)
        .useHandle(
            handle ->
                handle.execute("delete from \"niro_schema_history\" where \"version\" = '1.2'"));

    assertThatThrownBy(() -> JdbcStores.requireSchema(dataSource))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the database has the tables of an older version of Niro; migrate it first");
  }

  @Test
  void a_database_that_is_away_is_a_reason_to_try_again() {
    JdbcDataSource away = new JdbcDataSource();
    away.setURL("jdbc:h2:tcp://127.0.0.1:1/gone");

    assertThatThrownBy(() -> JdbcStores.over(away))
        .isInstanceOf(RetryLaterException.class)
        .hasMessage("the database cannot be reached");
  }
}
