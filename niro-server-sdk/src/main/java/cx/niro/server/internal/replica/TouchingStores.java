package cx.niro.server.internal.replica;

import cx.niro.core.ClusterId;
import cx.niro.server.spi.InventoryStore;
import cx.niro.server.spi.RetentionStore;
import cx.niro.server.spi.StoreTx;
import cx.niro.server.spi.Stores;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Leaves word, in the transaction itself, of which clusters it wrote about, and says so once more
 * when it is done.
 *
 * @param me whose word it is
 * @param done told of the clusters after a transaction that wrote about some; does not block
 */
public record TouchingStores(
    Stores stores, InstantSource clock, String me, Consumer<Set<ClusterId>> done)
    implements Stores {
  @Override
  public <T> T inTransaction(Function<StoreTx, T> work) {
    Set<ClusterId> touched = new LinkedHashSet<>();
    T answer =
        stores.inTransaction(
            tx -> {
              touched.clear();
              T made = work.apply(new TouchingTx(tx, touched));
              if (!touched.isEmpty()) {
                tx.replicas().touch(touched, clock.instant(), me);
              }
              return made;
            });
    if (!touched.isEmpty()) {
      done.accept(touched);
    }
    return answer;
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
    return stores.now();
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
