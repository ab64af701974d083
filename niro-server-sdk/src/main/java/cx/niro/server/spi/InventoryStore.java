package cx.niro.server.spi;

import cx.niro.core.ClusterId;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * Inventory and last-seen: written in batches at most 1 s after receipt, outside the transactions
 * that must not be lost. Calls block and may come from any thread; each is atomic by row.
 */
public interface InventoryStore {
  /**
   * Writes each row unless a newer one (bootGeneration, then revision) is there or the cluster is
   * gone.
   */
  void save(Collection<InventoryRow> rows);

  Optional<InventoryRow> find(ClusterId cluster);

  /**
   * Raises each cluster's last-seen to the given instant, never lowers it; clusters that are gone
   * are left out.
   */
  void touch(Map<ClusterId, Instant> lastSeen);

  /** Last-seen of every cluster that was ever seen. */
  Map<ClusterId, Instant> lastSeen();
}
