package cx.niro.server.memory;

import cx.niro.core.ClusterId;
import cx.niro.server.spi.InventoryDelta;
import cx.niro.server.spi.InventoryRow;
import cx.niro.server.spi.InventoryStore;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

final class MemoryInventory implements InventoryStore {
  private static final Comparator<InventoryDelta> IN_ORDER =
      Comparator.comparingLong(InventoryDelta::bootGeneration)
          .thenComparingLong(InventoryDelta::revision);

  private final ReentrantLock lock;
  private final Journal journal;
  private final JournaledMap<ClusterId, InventoryRow, Map<ClusterId, InventoryRow>> rows;
  private final JournaledMap<ClusterId, List<InventoryDelta>, Map<ClusterId, List<InventoryDelta>>>
      deltas;
  private final JournaledMap<ClusterId, Instant, Map<ClusterId, Instant>> lastSeen;
  private @Nullable MemoryClusters clusters;

  MemoryInventory(ReentrantLock lock, Journal journal) {
    this.lock = lock;
    this.journal = journal;
    rows = new JournaledMap<>(journal, new HashMap<>());
    deltas = new JournaledMap<>(journal, new HashMap<>());
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
    List<InventoryDelta> left =
        deltasOf(row.cluster()).stream().filter(delta -> isNewer(delta, row)).toList();
    keep(row.cluster(), left);
  }

  private static boolean isNewer(InventoryDelta delta, InventoryRow row) {
    return delta.bootGeneration() > row.bootGeneration()
        || (delta.bootGeneration() == row.bootGeneration() && delta.revision() > row.revision());
  }

  private List<InventoryDelta> deltasOf(ClusterId cluster) {
    List<InventoryDelta> known = deltas.get(cluster);
    return known == null ? List.of() : known;
  }

  private void keep(ClusterId cluster, List<InventoryDelta> left) {
    if (left.isEmpty()) {
      deltas.remove(cluster);
    } else {
      deltas.put(cluster, left);
    }
  }

  @Override
  public void append(Collection<InventoryDelta> newer) {
    locked(
        () -> {
          newer.stream().filter(delta -> has(delta.cluster())).forEach(this::appendOne);
          return true;
        });
  }

  private void appendOne(InventoryDelta delta) {
    List<InventoryDelta> known = deltasOf(delta.cluster());
    boolean there =
        known.stream()
            .anyMatch(
                one ->
                    one.bootGeneration() == delta.bootGeneration()
                        && one.revision() == delta.revision());
    if (!there) {
      keep(
          delta.cluster(),
          Stream.concat(known.stream(), Stream.of(delta)).sorted(IN_ORDER).toList());
    }
  }

  @Override
  public List<InventoryDelta> deltas(ClusterId cluster) {
    return locked(() -> deltasOf(cluster));
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

  @Override
  public Map<ClusterId, Instant> receivedSince(Instant since) {
    return locked(
        () -> {
          Map<ClusterId, Instant> received = new HashMap<>();
          rows.view().values().forEach(row -> raise(received, row.cluster(), row.receivedAt()));
          deltas.view().values().stream()
              .flatMap(List::stream)
              .forEach(delta -> raise(received, delta.cluster(), delta.receivedAt()));
          received.values().removeIf(at -> at.isBefore(since));
          return received;
        });
  }

  private static void raise(Map<ClusterId, Instant> received, ClusterId cluster, Instant at) {
    received.merge(cluster, at, (a, b) -> a.isAfter(b) ? a : b);
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
    deltas.remove(cluster);
    lastSeen.remove(cluster);
  }
}
