package cx.niro.server.spi;

import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where everything durable lives; the unit of replacement. Implement it together with {@link
 * StoreTx}, its views and {@link InventoryStore}, and let your tests extend the contract suite of
 * the test kit: the suite is the real definition.
 *
 * <p>All calls block and may come from any thread, many at once. They are never made while Niro
 * holds a lock.
 */
public interface Stores extends AutoCloseable {
  /**
   * Runs {@code work} in one transaction and returns what it returned. When this method returns,
   * everything written is durable; when it throws, nothing is. Transactions are isolated as if one
   * ran after the other wherever a view's Javadoc says "conditional" or "unique"; two that collide
   * may make the implementation run {@code work} again, so it must have no other effect.
   *
   * @throws cx.niro.core.RetryLaterException when the store is away; nothing was written
   */
  <T> T inTransaction(Function<StoreTx, T> work);

  /** Inventory and last-seen, which are written behind and may be lost for a second. */
  InventoryStore inventory();

  /**
   * Whether other servers may work with the same data; then what they did is looked for once a
   * second by {@link ReplicaStore}. False unless said otherwise.
   */
  default boolean isShared() {
    return false;
  }

  /**
   * The time by the clock that all servers over the same data go by; null, which it is unless said
   * otherwise, where each has only its own. Blocks; asked for once a second.
   *
   * @throws cx.niro.core.RetryLaterException when the store is away
   */
  default @Nullable Instant now() {
    return null;
  }

  /** Deletions by age, outside the transactions. */
  RetentionStore retention();

  /** Releases what the store made itself, never what it was handed. */
  @Override
  void close();
}
