package cx.niro.server.memory;

import cx.niro.server.spi.Stores;
import cx.niro.server.testkit.StoresContract;

class MemoryStoresTest extends StoresContract {
  @Override
  protected Stores open() {
    return MemoryStores.create();
  }
}
