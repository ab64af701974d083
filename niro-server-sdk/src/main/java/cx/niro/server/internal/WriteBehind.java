package cx.niro.server.internal;

import cx.niro.core.ClusterId;
import cx.niro.core.protocol.HeldContent;
import cx.niro.server.spi.InventoryRow;
import cx.niro.server.spi.InventoryStore;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

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
      Failures failures = new Failures();
      failures.trying(this::flushSeen);
      flushContent(failures);
      failures.rethrow();
    } finally {
      flushing.unlock();
    }
  }

  /** What went wrong first; the rest goes on. */
  private static final class Failures {
    private @Nullable RuntimeException first;

    boolean trying(Runnable step) {
      try {
        step.run();
        return true;
      } catch (RuntimeException e) {
        first = first == null ? e : first;
        return false;
      }
    }

    void rethrow() {
      if (first != null) {
        throw first;
      }
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

  private void flushContent(Failures failures) {
    List<Map.Entry<ClusterId, Dirty>> waiting = List.copyOf(new HashMap<>(dirty).entrySet());
    for (int from = 0; from < waiting.size(); from += BATCH) {
      var batch = waiting.subList(from, Math.min(from + BATCH, waiting.size()));
      if (!failures.trying(() -> save(batch)) && batch.size() > 1) {
        // One bad row must not keep the others; each is tried alone.
        batch.forEach(entry -> failures.trying(() -> save(List.of(entry))));
      }
    }
  }

  private void save(List<Map.Entry<ClusterId, Dirty>> batch) {
    store.save(batch.stream().map(entry -> row(entry.getKey(), entry.getValue())).toList());
    batch.forEach(entry -> dirty.remove(entry.getKey(), entry.getValue()));
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
