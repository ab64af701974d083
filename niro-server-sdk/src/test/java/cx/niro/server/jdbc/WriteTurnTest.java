package cx.niro.server.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.ClusterId;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WriteTurnTest {
  private static final ClusterId NOBODY = new ClusterId("nobody");

  private final List<String> order = new CopyOnWriteArrayList<>();
  private JdbcConnectionPool pool;
  private JdbcStores stores;

  @BeforeEach
  void open() {
    pool = JdbcConnectionPool.create("jdbc:h2:mem:turns;DB_CLOSE_DELAY=-1", "sa", "");
    JdbcStores.migrate(pool);
    stores = JdbcStores.over(pool);
  }

  @AfterEach
  void close() throws Exception {
    pool.getConnection().createStatement().execute("SHUTDOWN");
    pool.dispose();
  }

  @Test
  void a_transaction_that_writes_waits_for_the_one_before_and_reads_do_not() throws Exception {
    CountDownLatch firstWrote = new CountDownLatch(1);
    CountDownLatch letFirstEnd = new CountDownLatch(1);
    CompletableFuture<Boolean> first =
        CompletableFuture.supplyAsync(
            () ->
                stores.inTransaction(
                    tx -> {
                      tx.keys().revokeAll(NOBODY, Instant.EPOCH);
                      firstWrote.countDown();
                      await(letFirstEnd);
                      return order.add("first ends");
                    }));
    await(firstWrote);
    CompletableFuture<Boolean> second =
        CompletableFuture.supplyAsync(
            () ->
                stores.inTransaction(
                    tx -> {
                      tx.keys().revokeAll(NOBODY, Instant.EPOCH);
                      return order.add("second wrote");
                    }));
    stores.inTransaction(tx -> tx.clusters().find(NOBODY));
    order.add("somebody read");
    letFirstEnd.countDown();

    first.get(30, TimeUnit.SECONDS);
    second.get(30, TimeUnit.SECONDS);
    assertThat(order).containsExactly("somebody read", "first ends", "second wrote");
  }

  @Test
  void a_transaction_that_fails_gives_its_turn_back() {
    CompletableFuture<Object> failing =
        CompletableFuture.supplyAsync(
            () ->
                stores.inTransaction(
                    tx -> {
                      tx.keys().revokeAll(NOBODY, Instant.EPOCH);
                      throw new IllegalStateException("planted");
                    }));

    assertThat(failing).failsWithin(30, TimeUnit.SECONDS);
    int deleted = stores.retention().deleteTimelineBefore(Instant.EPOCH, 1);
    assertThat(deleted).isZero();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
