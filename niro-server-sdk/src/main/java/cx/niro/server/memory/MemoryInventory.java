package cx.niro.server.memory;

import cx.niro.core.ClusterId;
import cx.niro.server.spi.InventoryRow;
import cx.niro.server.spi.InventoryStore;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

final class MemoryInventory implements InventoryStore {
  private final ReentrantLock lock;
  private final Journal journal;
  private final JournaledMap<ClusterId, InventoryRow, Map<ClusterId, InventoryRow>> rows;
  private final JournaledMap<ClusterId, Instant, Map<ClusterId, Instant>> lastSeen;
  private @Nullable MemoryClusters clusters;

  MemoryInventory(ReentrantLock lock, Journal journal) {
    this.lock = lock;
    this.journal = journal;
    rows = new JournaledMap<>(journal, new HashMap<>());
    lastSeen = new JournaledMap<>(journal, new HashMap<>());
  }

  void limitTo(MemoryClusters clusters) {
    this.clusters = clusters;
  }

  @Override
  public void save(Collection<InventoryRow> newer) {
    locked(
        () -> {
          newer.stream().filter(row -> has(row.cluster())).forEach(this::saveOne);
          return true;
        });
  }

  private void saveOne(InventoryRow row) {
    InventoryRow stored = rows.get(row.cluster());
    if (stored == null || isNewer(row, stored)) {
      rows.put(row.cluster(), row);
    }
  }

  private static boolean isNewer(InventoryRow row, InventoryRow stored) {
    return row.bootGeneration() > stored.bootGeneration()
        || (row.bootGeneration() == stored.bootGeneration() && row.revision() > stored.revision());
  }

  @Override
  public Optional<InventoryRow> find(ClusterId cluster) {
    return locked(() -> Optional.ofNullable(rows.get(cluster)));
  }

  @Override
  public void touch(Map<ClusterId, Instant> seen) {
    locked(
        () -> {
          seen.forEach(this::raise);
          return true;
        });
  }

  private void raise(ClusterId cluster, Instant seen) {
    Instant stored = lastSeen.get(cluster);
    if (has(cluster) && (stored == null || seen.isAfter(stored))) {
      lastSeen.put(cluster, seen);
    }
  }

  @Override
  public Map<ClusterId, Instant> lastSeen() {
    return locked(() -> Map.copyOf(lastSeen.view()));
  }

  private boolean has(ClusterId cluster) {
    return clusters != null && clusters.has(cluster);
  }

  private <T> T locked(Supplier<T> action) {
    lock.lock();
    try {
      T result = action.get();
      if (lock.getHoldCount() == 1) {
        journal.commit();
      }
      return result;
    } finally {
      lock.unlock();
    }
  }

  void forget(ClusterId cluster) {
    rows.remove(cluster);
    lastSeen.remove(cluster);
  }
}
