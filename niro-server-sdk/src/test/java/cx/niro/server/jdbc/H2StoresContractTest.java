package cx.niro.server.jdbc;

import cx.niro.server.spi.Stores;
import cx.niro.server.testkit.StoresContract;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** The contract over an H2 file and a pool of ten connections. */
class H2StoresContractTest extends StoresContract {
  private static final AtomicInteger NUMBER = new AtomicInteger();

  @TempDir Path folder;
  private JdbcConnectionPool pool;

  @Override
  protected Stores open() {
    String file = folder.resolve("niro" + NUMBER.incrementAndGet()).toString();
    pool = JdbcConnectionPool.create("jdbc:h2:file:" + file, "", "");
    JdbcStores.migrate(pool);
    return JdbcStores.over(pool);
  }

  @AfterEach
  void closePool() {
    pool.dispose();
  }
}
