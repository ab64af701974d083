package cx.niro.server.internal;

import cx.niro.core.BootId;
import cx.niro.core.protocol.HeldContent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bodies of a full beat and of the deltas after it, as they were received: content in little
 * room. Immutable.
 *
 * @param all the full one first; empty when they are not known, or would take more time and room
 *     than encoding the content anew
 */
record ReceivedBodies(List<byte[]> all) {
  static final ReceivedBodies NONE = new ReceivedBodies(List.of());

  /** As small as a gzipped one. */
  private static final int PLAIN_BYTES = 4096;

  /** Each costs a tenth of a full one to read again. */
  private static final int MOST_DELTAS = 8;

  /**
   * @param full plain or gzipped; empty when it is not known
   */
  static ReceivedBodies of(byte[] full) {
    return isCompact(full) ? new ReceivedBodies(List.of(full)) : NONE;
  }

  /** With one more delta. */
  ReceivedBodies and(byte[] delta) {
    if (all.isEmpty() || all.size() > MOST_DELTAS || !isCompact(delta) || isLongWith(delta)) {
      return NONE;
    }
    List<byte[]> more = new ArrayList<>(all.size() + 1);
    more.addAll(all);
    more.add(delta);
    return new ReceivedBodies(List.copyOf(more));
  }

  private boolean isLongWith(byte[] delta) {
    return bytes() + delta.length > 2L * all.get(0).length;
  }

  long bytes() {
    long bytes = 0;
    for (byte[] body : all) {
      bytes += body.length;
    }
    return bytes;
  }

  static boolean isCompact(byte[] body) {
    return StoredContent.isGzipped(body) || (body.length > 0 && body.length <= PLAIN_BYTES);
  }

  /** The full one, when that is all. */
  byte @Nullable [] single() {
    return all.size() == 1 ? all.get(0) : null;
  }

  /** What they add up to. */
  HeldContent read(BootId bootId) {
    HeldContent held = null;
    for (byte[] body : all) {
      held = StoredContent.after(held, bootId, StoredContent.CODEC_VERSION, body);
    }
    if (held == null) {
      throw new IllegalStateException("no body is known");
    }
    return held;
  }
}
