package cx.niro.server.internal;

import cx.niro.core.ClusterId;
import cx.niro.core.protocol.HeldContent;
import cx.niro.server.spi.InventoryRow;
import cx.niro.server.spi.InventoryStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Last-seen and inventory on their way to the store, in batches. A crash loses what was not written
 * yet: at most about a second, and never anything that a transaction protects.
 */
final class WriteBehind {
  private static final int BATCH = 200;

  private record Dirty(HeldContent content, long bootGeneration, Instant receivedAt) {}

  private final InventoryStore store;
  private final Map<ClusterId, Instant> seen = new ConcurrentHashMap<>();
  private final Map<ClusterId, Dirty> dirty = new ConcurrentHashMap<>();

  /** Keeps two flushes from overtaking each other; held during the writes, by flushes only. */
  private final ReentrantLock flushing = new ReentrantLock();

  WriteBehind(InventoryStore store) {
    this.store = store;
  }

  void seen(ClusterId cluster, Instant at) {
    seen.merge(cluster, at, (a, b) -> a.isAfter(b) ? a : b);
  }

  void changed(ClusterId cluster, HeldContent content, long bootGeneration, Instant receivedAt) {
    dirty.put(cluster, new Dirty(content, bootGeneration, receivedAt));
  }

  void forget(ClusterId cluster) {
    seen.remove(cluster);
    dirty.remove(cluster);
  }

  /** Blocks. What cannot be written stays for the next time. */
  void flush() {
    if (!flushing.tryLock()) {
      return;
    }
    try {
      flushSeen();
      flushContent();
    } finally {
      flushing.unlock();
    }
  }

  /** Waits for a flush that runs, and writes what it did not. */
  void flushLast() {
    flushing.lock();
    try {
      flush();
    } finally {
      flushing.unlock();
    }
  }

  private void flushSeen() {
    Map<ClusterId, Instant> batch = new HashMap<>(seen);
    if (!batch.isEmpty()) {
      store.touch(batch);
      batch.forEach(seen::remove);
    }
  }

  private void flushContent() {
    Map<ClusterId, Dirty> waiting = new HashMap<>(dirty);
    List<InventoryRow> rows = new ArrayList<>();
    for (Map.Entry<ClusterId, Dirty> entry : waiting.entrySet()) {
      rows.add(row(entry.getKey(), entry.getValue()));
      if (rows.size() == BATCH) {
        store.save(rows);
        rows.clear();
      }
    }
    if (!rows.isEmpty()) {
      store.save(rows);
    }
    waiting.forEach(dirty::remove);
  }

  private static InventoryRow row(ClusterId cluster, Dirty dirty) {
    return new InventoryRow(
        cluster,
        dirty.content().bootId(),
        dirty.bootGeneration(),
        dirty.content().revision(),
        dirty.receivedAt(),
        SnapshotBody.write(dirty.content()));
  }
}
