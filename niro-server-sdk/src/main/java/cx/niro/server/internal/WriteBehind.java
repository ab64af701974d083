package cx.niro.server.internal;

import cx.niro.core.ClusterId;
import cx.niro.core.protocol.BeatContent;
import cx.niro.core.protocol.Heartbeat;
import cx.niro.core.protocol.HeldContent;
import cx.niro.server.internal.StoredContent.Chain;
import cx.niro.server.spi.InventoryDelta;
import cx.niro.server.spi.InventoryRow;
import cx.niro.server.spi.InventoryStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Last-seen and inventory on their way to the store, in batches. A crash loses what was not written
 * yet: at most about a second, and never anything that a transaction protects.
 */
final class WriteBehind {
  private static final int BATCH = 200;

  /** Bytes of received bodies that may wait; over it content is encoded when it is written. */
  private static final long MOST_WAITING_BYTES = 64L * 1024 * 1024;

  private static final long BATCH_BYTES = 8L * 1024 * 1024;
  private static final int MOST_WAITING_DELTAS = 16;

  /**
   * Content that has changed.
   *
   * @param content after the beat
   * @param received the beat's body, plain or gzipped; empty when it is not known
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Change(
      ClusterContent content,
      long bootGeneration,
      Heartbeat beat,
      byte[] received,
      Instant receivedAt) {}

  /** All of the content: its body, or what is encoded when it is written. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Whole(
      HeldContent.Head head,
      long bootGeneration,
      Instant receivedAt,
      byte @Nullable [] body,
      @Nullable ClusterContent content) {
    static Whole of(Change change, byte @Nullable [] body) {
      return new Whole(
          change.content().head(),
          change.bootGeneration(),
          change.receivedAt(),
          body,
          body == null ? change.content() : null);
    }

    InventoryRow row(ClusterId cluster) {
      return new InventoryRow(
          cluster,
          head.bootId(),
          bootGeneration,
          head.revision(),
          receivedAt,
          StoredContent.CODEC_VERSION,
          content == null ? Objects.requireNonNull(body) : content.encoded());
    }
  }

  /** What waits for one cluster: at least one of the two. Compared by identity. */
  private static final class Dirty {
    private final @Nullable Whole whole;
    private final List<InventoryDelta> deltas;

    Dirty(@Nullable Whole whole, List<InventoryDelta> deltas) {
      this.whole = whole;
      this.deltas = deltas;
    }

    long bytes() {
      return (whole == null || whole.body() == null ? 0 : whole.body().length) + deltaBytes();
    }

    long deltaBytes() {
      return deltas.stream().mapToLong(delta -> delta.body().length).sum();
    }

    Dirty and(InventoryDelta delta) {
      List<InventoryDelta> all = new ArrayList<>(deltas);
      all.add(delta);
      return new Dirty(whole, all);
    }

    /** Whether what waits is encoded anyway, and so may as well be of the newest content. */
    boolean isToBeEncoded() {
      return whole != null && whole.body() == null;
    }
  }

  /** What is written of one cluster. */
  private record Write(ClusterId cluster, Dirty dirty, @Nullable InventoryRow row) {
    static Write of(ClusterId cluster, Dirty dirty) {
      return new Write(cluster, dirty, dirty.whole == null ? null : dirty.whole.row(cluster));
    }

    long bytes() {
      return (row == null ? 0 : row.body().length) + dirty.deltaBytes();
    }
  }

  private final InventoryStore store;
  private final InstantSource clock;
  private final Map<ClusterId, Instant> seen = new ConcurrentHashMap<>();
  private final Map<ClusterId, Dirty> dirty = new ConcurrentHashMap<>();
  private final AtomicLong waitingBytes = new AtomicLong();

  /** Of contents that were encoded and written, until the next change of the cluster. */
  private final Map<ClusterId, Long> encodedBytes = new ConcurrentHashMap<>();

  /** Keeps two flushes from overtaking each other; held during the writes, by flushes only. */
  private final ReentrantLock flushing = new ReentrantLock();

  private volatile Instant flushedUpTo = Instant.EPOCH;

  WriteBehind(InventoryStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  /** Whatever was seen until then is in the store. */
  Instant flushedUpTo() {
    return flushedUpTo;
  }

  void seen(ClusterId cluster, Instant at) {
    seen.merge(cluster, at, (a, b) -> a.isAfter(b) ? a : b);
  }

  /**
   * Takes down a change: a full beat as it was received; a delta as it was received where it
   * continues what is stored; else the whole content, encoded when it is written.
   *
   * @param chain what is stored, as the last call returned it; null when that is not known
   * @return what is stored when this is written
   */
  Chain changed(ClusterId cluster, @Nullable Chain chain, Change change) {
    Chain known = sized(chain, encodedBytes.remove(cluster));
    byte[] kept = kept(change);
    InventoryDelta delta =
        change
            .beat()
            .content()
            .fold(it -> null, it -> continued(cluster, known, change, it, kept), it -> null);
    Dirty next =
        dirty.compute(
            cluster,
            (id, before) -> {
              Dirty now = waiting(before, change, delta, kept);
              waitingBytes.addAndGet(now.bytes() - (before == null ? 0 : before.bytes()));
              return now;
            });
    return known == null || delta == null || next.deltas.isEmpty()
        ? Chain.of(change.bootGeneration(), change.content().head().revision(), next.bytes())
        : known.with(delta.revision(), delta.body().length);
  }

  /** With the size of what was encoded for it, which is known when that was written. */
  private static @Nullable Chain sized(@Nullable Chain chain, @Nullable Long encoded) {
    return chain == null || encoded == null || chain.baseBytes() > 0
        ? chain
        : chain.withBase(encoded);
  }

  private static Dirty waiting(
      @Nullable Dirty before,
      Change change,
      @Nullable InventoryDelta delta,
      byte @Nullable [] kept) {
    if (delta == null) {
      boolean full = change.beat().content() instanceof BeatContent.Full;
      return new Dirty(Whole.of(change, full ? kept : null), List.of());
    }
    if (before == null) {
      return new Dirty(null, List.of(delta));
    }
    return before.isToBeEncoded() || before.deltas.size() == MOST_WAITING_DELTAS
        ? new Dirty(Whole.of(change, null), List.of())
        : before.and(delta);
  }

  /** Null when it does not continue what is stored, that has become long, or it is not kept. */
  private static @Nullable InventoryDelta continued(
      ClusterId cluster,
      @Nullable Chain chain,
      Change change,
      BeatContent.Delta delta,
      byte @Nullable [] kept) {
    return kept == null || chain == null || !chain.takes(change.bootGeneration(), delta)
        ? null
        : new InventoryDelta(
            cluster,
            change.bootGeneration(),
            delta.baseRevision(),
            delta.revision(),
            change.receivedAt(),
            StoredContent.CODEC_VERSION,
            kept);
  }

  /** The body as it was received, unless there is none, or it or all that wait are too large. */
  private byte @Nullable [] kept(Change change) {
    byte[] body = change.received();
    return ReceivedBodies.isCompact(body) && waitingBytes.get() + body.length <= MOST_WAITING_BYTES
        ? body
        : null;
  }

  void forget(ClusterId cluster) {
    seen.remove(cluster);
    encodedBytes.remove(cluster);
    Dirty gone = dirty.remove(cluster);
    waitingBytes.addAndGet(gone == null ? 0 : -gone.bytes());
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
    Instant upTo = clock.instant();
    Map<ClusterId, Instant> batch = new HashMap<>(seen);
    if (!batch.isEmpty()) {
      store.touch(batch);
      batch.forEach(seen::remove);
    }
    flushedUpTo = upTo;
  }

  private void flushContent(Failures failures) {
    List<Write> batch = new ArrayList<>();
    long bytes = 0;
    for (Map.Entry<ClusterId, Dirty> entry : new HashMap<>(dirty).entrySet()) {
      if (failures.trying(() -> batch.add(Write.of(entry.getKey(), entry.getValue())))) {
        bytes += batch.get(batch.size() - 1).bytes();
      }
      if (batch.size() == BATCH || bytes > BATCH_BYTES) {
        flushBatch(batch, failures);
        batch.clear();
        bytes = 0;
      }
    }
    flushBatch(batch, failures);
  }

  private void flushBatch(List<Write> batch, Failures failures) {
    if (!batch.isEmpty() && !failures.trying(() -> save(batch)) && batch.size() > 1) {
      // One bad row must not keep the others; each is tried alone.
      batch.forEach(write -> failures.trying(() -> save(List.of(write))));
    }
  }

  private void save(List<Write> batch) {
    List<InventoryRow> rows = batch.stream().map(Write::row).filter(Objects::nonNull).toList();
    List<InventoryDelta> deltas =
        batch.stream().flatMap(write -> write.dirty().deltas.stream()).toList();
    if (!rows.isEmpty()) {
      store.save(rows);
    }
    if (!deltas.isEmpty()) {
      store.append(deltas);
    }
    batch.forEach(this::written);
  }

  private void written(Write write) {
    InventoryRow row = write.row();
    if (row != null && write.dirty().isToBeEncoded()) {
      encodedBytes.put(row.cluster(), (long) row.body().length);
    }
    if (dirty.remove(write.cluster(), write.dirty())) {
      waitingBytes.addAndGet(-write.dirty().bytes());
    }
  }
}
