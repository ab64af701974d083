package cx.niro.server.internal;

import cx.niro.core.BootId;
import cx.niro.core.protocol.BeatContent;
import cx.niro.core.protocol.BeatTiming;
import cx.niro.core.protocol.DecodingException;
import cx.niro.core.protocol.Heartbeat;
import cx.niro.core.protocol.HeldContent;
import cx.niro.core.protocol.Limits;
import cx.niro.core.protocol.NiroCodec;
import cx.niro.core.snapshot.ContentDigest;
import cx.niro.server.spi.InventoryDelta;
import cx.niro.server.spi.InventoryRow;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How content lies in the store: a full heartbeat and the deltas after it, each as JSON, plain or
 * gzipped, mostly as the agent sent them.
 *
 * @param chain how much of it is stored
 * @param bodies what it was read from
 */
record StoredContent(HeldContent content, Chain chain, ReceivedBodies bodies) {
  /** Of the form of the bodies; what is newer is left alone. */
  static final int CODEC_VERSION = 1;

  private static final Logger LOG = LoggerFactory.getLogger(StoredContent.class);
  private static final NiroCodec CODEC = NiroCodec.create();
  private static final long MOST_BYTES = 4 * Limits.HEARTBEAT_BYTES;
  private static final BeatTiming NO_TIME = new BeatTiming(0, 0L, null, null, null);

  /**
   * What is stored of a cluster, or will be with the next flush.
   *
   * @param revision that the last delta leads to
   */
  record Chain(long bootGeneration, long revision, long baseBytes, int deltas, long deltaBytes) {
    private static final int MOST_DELTAS = 64;
    private static final long MOST_DELTA_BYTES = 64 * 1024;

    static Chain of(long bootGeneration, long revision, long baseBytes) {
      return new Chain(bootGeneration, revision, baseBytes, 0, 0);
    }

    Chain withBase(long bytes) {
      return new Chain(bootGeneration, revision, bytes, deltas, deltaBytes);
    }

    Chain with(long next, long bytes) {
      return new Chain(bootGeneration, next, baseBytes, deltas + 1, deltaBytes + bytes);
    }

    /** Whether one more is better than writing all anew. */
    boolean takes(long generation, BeatContent.Delta delta) {
      return generation == bootGeneration
          && delta.baseRevision() == revision
          && deltas < MOST_DELTAS
          && deltaBytes < MOST_DELTA_BYTES + 4 * baseBytes;
    }
  }

  static boolean isGzipped(byte[] body) {
    return body.length > 2 && body[0] == 0x1f && (body[1] & 0xff) == 0x8b;
  }

  /** As it is held, open. */
  ClusterContent held() {
    return ClusterContent.of(content, bodies);
  }

  /** The content as a full beat that nobody sent. */
  static byte[] write(HeldContent content) {
    String digest = ContentDigest.text(content.digest() + content.gap());
    BeatContent.Full full = new BeatContent.Full(content.revision(), digest, content.snapshot());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream zipped = new Quick(bytes)) {
      CODEC.encode(new Heartbeat(content.bootId(), 1, NO_TIME, full, null), zipped);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static final class Quick extends GZIPOutputStream {
    Quick(OutputStream out) throws IOException {
      super(out, 8192);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }

  /**
   * What the row and the deltas after it add up to; where one is missing it ends before. Of two
   * that are based on one revision, that one counts that leads to the newest: the answer to the
   * other was lost, and the agent went on from what it knew of.
   *
   * @throws DecodingException when the row cannot be read
   * @throws UncheckedIOException when it is damaged, or newer than this server
   */
  static StoredContent read(InventoryRow row, List<InventoryDelta> deltas) {
    HeldContent held = after(null, row.bootId(), row.codec(), row.body());
    Chain chain = Chain.of(row.bootGeneration(), held.revision(), row.body().length);
    ReceivedBodies bodies = ReceivedBodies.of(row.body());
    for (InventoryDelta delta : wayOn(chain, deltas)) {
      try {
        held = after(held, row.bootId(), delta.codec(), delta.body());
        chain = chain.with(held.revision(), delta.body().length);
        bodies = bodies.and(delta.body());
      } catch (DecodingException | UncheckedIOException e) {
        LOG.warn("a stored change of cluster {} cannot be read", row.cluster(), e);
        break;
      }
    }
    return new StoredContent(held, chain, bodies);
  }

  /** From the row to the newest revision that deltas lead to; these are by revision. */
  private static Deque<InventoryDelta> wayOn(Chain row, List<InventoryDelta> deltas) {
    Map<Long, InventoryDelta> leading = new HashMap<>();
    long newest = row.revision();
    for (InventoryDelta delta : deltas) {
      long base = delta.baseRevision();
      boolean reached = base == row.revision() || leading.containsKey(base);
      if (reached && base < delta.revision() && delta.bootGeneration() == row.bootGeneration()) {
        leading.put(delta.revision(), delta);
        newest = delta.revision();
      }
    }
    Deque<InventoryDelta> way = new ArrayDeque<>();
    for (var last = leading.get(newest); last != null; last = leading.get(last.baseRevision())) {
      way.addFirst(last);
    }
    return way;
  }

  /** With one more body applied. */
  static HeldContent after(@Nullable HeldContent held, BootId bootId, int codec, byte[] body) {
    HeldContent.Applied applied = HeldContent.apply(held, bootId, decoded(codec, body).content());
    HeldContent next = applied.held();
    if (next == null || applied.resync() != null) {
      throw new UncheckedIOException(new IOException("it does not fit: " + applied.resync()));
    }
    return next;
  }

  private static Heartbeat decoded(int codec, byte[] body) {
    if (codec > CODEC_VERSION) {
      throw new UncheckedIOException(
          new IOException("form " + codec + " is newer than " + CODEC_VERSION));
    }
    if (!isGzipped(body)) {
      return CODEC.decode(Heartbeat.class, body);
    }
    try (InputStream unzipped = new GZIPInputStream(new ByteArrayInputStream(body))) {
      return CODEC.decode(Heartbeat.class, unzipped, MOST_BYTES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
