package cx.niro.server.spi;

import cx.niro.core.ClusterId;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Inventory and last-seen: written in batches at most 1 s after receipt, outside the transactions
 * that must not be lost. Calls block and may come from any thread; each is atomic by row.
 */
public interface InventoryStore {
  /**
   * Writes each row unless a newer one (bootGeneration, then revision) is there or the cluster is
   * gone, and removes the deltas that are no newer than the given row. A delta that another server
   * appends meanwhile may stay.
   */
  void save(Collection<InventoryRow> rows);

  /**
   * Adds each delta, unless one of its cluster, boot generation and revision is there or the
   * cluster is gone. Deltas of one cluster are given in the order of their revisions.
   */
  void append(Collection<InventoryDelta> deltas);

  Optional<InventoryRow> find(ClusterId cluster);

  /** The deltas of a cluster, by boot generation and then by revision. */
  List<InventoryDelta> deltas(ClusterId cluster);

  /**
   * Raises each cluster's last-seen to the given instant, never lowers it; clusters that are gone
   * are left out.
   */
  void touch(Map<ClusterId, Instant> lastSeen);

  /** Last-seen of every cluster that was ever seen. */
  Map<ClusterId, Instant> lastSeen();

  /** Those of {@link #lastSeen} that are at or after {@code since}. */
  default Map<ClusterId, Instant> seenSince(Instant since) {
    Map<ClusterId, Instant> seen = new HashMap<>(lastSeen());
    seen.values().removeIf(at -> at.isBefore(since));
    return seen;
  }

  /**
   * When the newest content of each cluster was received, row or delta, of those that were received
   * at or after {@code since}; asked for where stores are shared, and nothing unless said
   * otherwise.
   */
  default Map<ClusterId, Instant> receivedSince(Instant since) {
    return Map.of();
  }
}
