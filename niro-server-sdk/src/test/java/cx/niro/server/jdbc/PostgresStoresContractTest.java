package cx.niro.server.jdbc;

import cx.niro.server.spi.Stores;
import cx.niro.server.testkit.RealPostgres;
import cx.niro.server.testkit.StoresContract;
import cx.niro.server.testkit.WithPostgres;

/** The contract over PostgreSQL as it isolates by default, read committed. */
@WithPostgres
class PostgresStoresContractTest extends StoresContract {
  @Override
  protected Stores open() {
    return JdbcStores.over(RealPostgres.emptied());
  }
}
