package cx.niro.core.internal;

import cx.niro.core.ErrorCode;
import cx.niro.core.protocol.DecodingException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a document within its limit, of which a window is held: from the beginning of the
 * token being read, or of the value being carried as it is, to as far as was read.
 */
class JsonSource {
  private static final int CHUNK = 8192;

  private final @Nullable InputStream body;
  private final long limit;
  private long count;

  /** The window. */
  byte[] bytes;

  /** Where the token being read begins. */
  int at;

  /** Where the window ends. */
  int end;

  /** Where the value begins that is carried as it is; -1 for none. */
  int carried = -1;

  /** All of it is there. */
  JsonSource(byte[] document) {
    this.body = null;
    this.limit = Long.MAX_VALUE;
    this.bytes = document;
    this.end = document.length;
  }

  JsonSource(InputStream body, long limit) {
    this.body = body;
    this.limit = limit;
    this.bytes = new byte[CHUNK];
  }

  /** The byte {@code offset} behind {@link #at}; -1 behind the end of the document. */
  final int peekAt(int offset) {
    while (at + offset >= end) {
      if (!more()) {
        return -1;
      }
    }
    return bytes[at + offset] & 0xff;
  }

  /** Reads more behind the window, which may move; false at the end of the document. */
  final boolean more() {
    if (body == null) {
      return false;
    }
    if (end == bytes.length) {
      makeRoom();
    }
    int read = read(body);
    end += Math.max(0, read);
    return read >= 0;
  }

  private void makeRoom() {
    int from = carried < 0 ? at : carried;
    if (from == 0) {
      bytes = Arrays.copyOf(bytes, bytes.length * 2);
      return;
    }
    System.arraycopy(bytes, from, bytes, 0, end - from);
    end -= from;
    at -= from;
    carried = carried < 0 ? carried : 0;
  }

  private int read(InputStream source) {
    int read;
    try {
      read = source.read(bytes, end, Math.min(CHUNK, bytes.length - end));
    } catch (ZipException | EOFException e) {
      throw new DecodingException(
          ErrorCode.MALFORMED_BODY, "$", "the compressed body is damaged or cut short", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    count += Math.max(0, read);
    if (count > limit) {
      throw new DecodingException(
          ErrorCode.BODY_TOO_LARGE, "$", "the body is over its limit of " + limit + " bytes", null);
    }
    return read;
  }
}
