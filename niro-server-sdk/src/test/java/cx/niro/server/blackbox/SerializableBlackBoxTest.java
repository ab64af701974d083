package cx.niro.server.blackbox;

import cx.niro.server.jdbc.JdbcStores;
import cx.niro.server.jdbc.UnserializableDataSource;
import cx.niro.server.spi.Stores;
import cx.niro.server.testkit.RealPostgres;
import cx.niro.server.testkit.WithPostgres;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;

/** And over one whose transactions are serializable and given up at random. */
@WithPostgres
class SerializableBlackBoxTest {
  private static final AtomicInteger SEED = new AtomicInteger();

  private static Stores emptied() {
    return JdbcStores.over(
        new UnserializableDataSource(RealPostgres.emptied(), SEED.incrementAndGet(), () -> {}));
  }

  @Nested
  class AgentLife extends AgentLifeBlackBoxTest {
    @Override
    Stores stores() {
      return emptied();
    }
  }

  @Nested
  class Deployment extends DeploymentBlackBoxTest {
    @Override
    Stores stores() {
      return emptied();
    }
  }
}
