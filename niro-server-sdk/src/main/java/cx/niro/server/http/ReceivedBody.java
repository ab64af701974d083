package cx.niro.server.http;

import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * What arrived of a body, in chunks that are made when bytes are there for them and never by a
 * declared length. The memory counts against a budget until {@link #close}.
 */
final class ReceivedBody extends InputStream {
  private static final int FIRST_CHUNK = 512;
  static final int LARGEST_CHUNK = 64 * 1024;

  private final ByteBudget budget;
  private final Queue<Chunk> chunks = new ArrayDeque<>();
  private @Nullable Chunk last;
  private long taken;

  ReceivedBody(ByteBudget budget) {
    this.budget = budget;
  }

  /** Copies some bytes; false when the budget has no room for them. */
  boolean append(byte[] source, int offset, int length) {
    int from = offset;
    int end = offset + length;
    while (from < end) {
      if ((last == null || last.room() == 0) && !grow()) {
        return false;
      }
      from += Objects.requireNonNull(last).append(source, from, end - from);
    }
    return true;
  }

  private boolean grow() {
    int size = last == null ? FIRST_CHUNK : Math.min(LARGEST_CHUNK, 2 * last.bytes.length);
    if (!budget.take(size)) {
      return false;
    }
    taken += size;
    last = new Chunk(size);
    chunks.add(last);
    return true;
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, target.length);
    Chunk first = chunks.peek();
    while (first != null && first.left() == 0) {
      chunks.remove();
      first = chunks.peek();
    }
    if (length == 0) {
      return 0;
    }
    return first == null ? -1 : first.read(target, offset, length);
  }

  /** A copy of what was not read yet. */
  byte[] rest() {
    int left = 0;
    for (Chunk chunk : chunks) {
      left += chunk.left();
    }
    byte[] all = new byte[left];
    int at = 0;
    for (Chunk chunk : chunks) {
      System.arraycopy(chunk.bytes, chunk.read, all, at, chunk.left());
      at += chunk.left();
    }
    return all;
  }

  @Override
  public int available() {
    Chunk first = chunks.peek();
    return first == null ? 0 : first.left();
  }

  /** Lets go of the bytes and gives their room back to the budget. */
  @Override
  public void close() {
    chunks.clear();
    last = null;
    budget.giveBack(taken);
    taken = 0;
  }

  private static final class Chunk {
    private final byte[] bytes;
    private int written;
    private int read;

    Chunk(int size) {
      this.bytes = new byte[size];
    }

    int room() {
      return bytes.length - written;
    }

    int left() {
      return written - read;
    }

    int append(byte[] source, int offset, int length) {
      int n = Math.min(length, room());
      System.arraycopy(source, offset, bytes, written, n);
      written += n;
      return n;
    }

    int read(byte[] target, int offset, int length) {
      int n = Math.min(length, left());
      System.arraycopy(bytes, read, target, offset, n);
      read += n;
      return n;
    }
  }
}
