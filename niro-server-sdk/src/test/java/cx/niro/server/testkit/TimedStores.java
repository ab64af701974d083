package cx.niro.server.testkit;

import cx.niro.server.spi.InventoryStore;
import cx.niro.server.spi.RetentionStore;
import cx.niro.server.spi.StoreTx;
import cx.niro.server.spi.Stores;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Stores whose clock, if they are shared ones, is that of a test. */
public record TimedStores(Stores stores, InstantSource clock) implements Stores {
  @Override
  public <T> T inTransaction(Function<StoreTx, T> work) {
    return stores.inTransaction(work);
  }

  @Override
  public InventoryStore inventory() {
    return stores.inventory();
  }

  @Override
  public boolean isShared() {
    return stores.isShared();
  }

  @Override
  public @Nullable Instant now() {
    return isShared() ? clock.instant() : null;
  }

  @Override
  public RetentionStore retention() {
    return stores.retention();
  }

  @Override
  public void close() {
    stores.close();
  }
}
