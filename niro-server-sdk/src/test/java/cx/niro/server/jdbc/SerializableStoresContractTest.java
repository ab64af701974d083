package cx.niro.server.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.server.spi.Stores;
import cx.niro.server.testkit.RealPostgres;
import cx.niro.server.testkit.StoresContract;
import cx.niro.server.testkit.WithPostgres;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;

/**
 * The contract over PostgreSQL where transactions are serializable and are given up at random, as
 * an engine that speaks its protocol may do at any statement and at the commit.
 */
@WithPostgres
class SerializableStoresContractTest extends StoresContract {
  private static final AtomicInteger SEED = new AtomicInteger();
  private static final AtomicInteger INJECTED = new AtomicInteger();

  @Override
  protected Stores open() {
    return JdbcStores.over(
        new UnserializableDataSource(
            RealPostgres.emptied(), SEED.incrementAndGet(), INJECTED::incrementAndGet));
  }

  @AfterAll
  static void transactions_were_given_up() {
    assertThat(INJECTED.get()).isGreaterThan(100);
  }
}
