package cx.niro.agent.kubernetes;

import cx.niro.agent.spi.LogOutput;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Bytes as lines. Of a long line only the beginning is held; what is not UTF-8 becomes U+FFFD.
 * Confined to one thread.
 */
final class LogLines {
  /** Bytes of one line that are kept; with the mark behind them it stays within the protocol's. */
  static final int KEPT = 16_000;

  private static final int BUFFER = 16 * 1024;

  private final InputStream in;
  private final byte[] line = new byte[KEPT];
  private int kept;
  private long length;

  LogLines(InputStream in) {
    this.in = in;
  }

  /** Hands over line by line, until the end or until nobody reads any more. */
  void copyTo(LogOutput out) throws IOException {
    byte[] buffer = new byte[BUFFER];
    int count = in.read(buffer);
    while (count >= 0) {
      if (!take(buffer, count, out)) {
        return;
      }
      count = in.read(buffer);
    }
    if (length > 0) {
      out.line(finished());
    }
  }

  private boolean take(byte[] buffer, int count, LogOutput out) {
    int from = 0;
    for (int i = 0; i < count; i++) {
      if (buffer[i] == '\n') {
        append(buffer, from, i);
        from = i + 1;
        if (!out.line(finished())) {
          return false;
        }
      }
    }
    append(buffer, from, count);
    return true;
  }

  private void append(byte[] buffer, int from, int to) {
    int room = Math.min(KEPT - kept, to - from);
    System.arraycopy(buffer, from, line, kept, room);
    kept += room;
    length += to - from;
  }

  private String finished() {
    boolean cut = length > kept;
    int end = cut ? wholeCharacters() : kept;
    if (!cut && end > 0 && line[end - 1] == '\r') {
      end--;
    }
    String text = new String(line, 0, end, StandardCharsets.UTF_8);
    String whole = cut ? text + "… [cut, the line has " + length + " bytes]" : text;
    kept = 0;
    length = 0;
    return whole;
  }

  /** Without the beginning of a character whose rest was not kept. */
  private int wholeCharacters() {
    int end = kept;
    while (end > kept - 4 && (line[end - 1] & 0xC0) == 0x80) {
      end--;
    }
    return (line[end - 1] & 0xC0) == 0xC0 ? end - 1 : kept;
  }
}
