package cx.niro.core.internal;

import cx.niro.core.ErrorCode;
import cx.niro.core.protocol.DecodingException;
import cx.niro.core.protocol.Limits;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.zip.ZipException;
import okio.Buffer;
import okio.Source;
import okio.Timeout;

/**
 * Bytes of a body, up to its limit. It also refuses endless white space and endless numbers, for
 * which the reader behind it needs quadratic time, and endless texts, which it holds several times.
 */
public final class BoundedSource implements Source {
  private static final int SPACE_LIMIT = 4096;
  private static final int NUMBER_LIMIT = 64;

  private static final byte OTHER = 0;
  private static final byte SPACE = 1;
  private static final byte NUMBER = 2;
  private static final byte QUOTE = 3;
  private static final byte[] KINDS = kinds();

  private final InputStream body;
  private final long limit;
  private final byte[] chunk = new byte[8192];
  private long count;
  private boolean quoted;
  private boolean escaped;
  private byte runKind;
  private int run;

  public BoundedSource(InputStream body, long limit) {
    this.body = body;
    this.limit = limit;
  }

  private static byte[] kinds() {
    byte[] kinds = new byte[256];
    " \t\r\n".chars().forEach(c -> kinds[c] = SPACE);
    "0123456789+-.eE".chars().forEach(c -> kinds[c] = NUMBER);
    kinds['"'] = QUOTE;
    return kinds;
  }

  @Override
  public long read(Buffer sink, long byteCount) {
    int read = readChunk((int) Math.min(byteCount, chunk.length));
    if (read <= 0) {
      return read;
    }
    count += read;
    if (count > limit) {
      throw new DecodingException(
          ErrorCode.BODY_TOO_LARGE, "$", "the body is over its limit of " + limit + " bytes", null);
    }
    for (int i = 0; i < read; i++) {
      look(chunk[i]);
    }
    sink.write(chunk, 0, read);
    return read;
  }

  private int readChunk(int wanted) {
    try {
      return body.read(chunk, 0, wanted);
    } catch (ZipException | EOFException e) {
      throw new DecodingException(
          ErrorCode.MALFORMED_BODY, "$", "the compressed body is damaged or cut short", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void look(byte b) {
    if (quoted) {
      if (++run > Limits.TEXT_BYTES) {
        throw tooLong(ErrorCode.BODY_TOO_LARGE, "a text", Limits.TEXT_BYTES);
      }
      if (escaped) {
        escaped = false;
      } else if (b == '\\') {
        escaped = true;
      } else if (b == '"') {
        quoted = false;
      }
      return;
    }
    byte kind = KINDS[b & 0xff];
    if (kind == QUOTE) {
      quoted = true;
    }
    run = kind == runKind ? run + 1 : 1;
    runKind = kind;
    if (run > NUMBER_LIMIT && kind != OTHER) {
      checkRun();
    }
  }

  private void checkRun() {
    if (runKind == NUMBER) {
      throw tooLong(ErrorCode.MALFORMED_BODY, "a number", NUMBER_LIMIT);
    }
    if (run > SPACE_LIMIT) {
      throw tooLong(ErrorCode.MALFORMED_BODY, "white space", SPACE_LIMIT);
    }
  }

  private static DecodingException tooLong(ErrorCode code, String what, int limit) {
    return new DecodingException(
        code, "$", what + " is longer than its limit of " + limit + " bytes", null);
  }

  @Override
  public Timeout timeout() {
    return Timeout.NONE;
  }

  @Override
  public void close() throws IOException {
    body.close();
  }
}
