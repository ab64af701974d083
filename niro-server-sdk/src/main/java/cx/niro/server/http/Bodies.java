package cx.niro.server.http;

import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.NiroException;
import cx.niro.core.protocol.NiroCodec;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Reads JSON bodies, plain or gzipped, within a limit for each and a budget for all. */
final class Bodies {
  private static final long LEAST_DISCARDED = 256 * 1024;

  private final DecodingBudget budget;
  private final boolean strict;

  Bodies(long budgetBytes) {
    this(new DecodingBudget(budgetBytes), false);
  }

  private Bodies(DecodingBudget budget, boolean strict) {
    this.budget = budget;
    this.strict = strict;
  }

  /** The same, within the same budget, refusing what is not UTF-8 instead of replacing it. */
  Bodies strictly() {
    return new Bodies(budget, true);
  }

  /**
   * The body as {@code type}.
   *
   * @throws cx.niro.core.NiroException {@code unsupported_media_type}, {@code body_too_large},
   *     {@code overloaded}, or what the codec says
   */
  <T> T read(NiroCodec codec, NiroRequest request, Class<T> type, long maxBytes) {
    checkContentType(request);
    if (request.body() instanceof RefusedBody refused) {
      throw refused.refusal();
    }
    try {
      return readWithin(codec, request, type, maxBytes);
    } catch (InvalidRequestException e) {
      if (e.code() == ErrorCode.BODY_TOO_LARGE) {
        discard(request.body(), Math.max(LEAST_DISCARDED, 3 * maxBytes));
      }
      throw e;
    }
  }

  /** What speaks against a body before any of it is read; null when nothing does. */
  static @Nullable NiroException refusalOf(NiroRequest request, long maxBytes) {
    try {
      checkContentType(request);
      checkDeclaredLength(request, maxBytes);
      return null;
    } catch (NiroException e) {
      return e;
    }
  }

  private <T> T readWithin(NiroCodec codec, NiroRequest request, Class<T> type, long maxBytes) {
    checkDeclaredLength(request, maxBytes);
    try (BodyStream body = stream(request, maxBytes)) {
      return decode(codec, type, body, maxBytes);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private BodyStream stream(NiroRequest request, long maxBytes) throws IOException {
    Utf8Check utf8 = strict ? new Utf8Check() : null;
    return new BodyStream(open(request, maxBytes), maxBytes, budget, utf8);
  }

  /**
   * Reads on for a while: a client whose connection breaks while it still sends never sees why it
   * was refused.
   */
  private static void discard(InputStream body, long atMost) {
    byte[] chunk = new byte[8192];
    long left = atMost;
    try {
      int n = body.read(chunk);
      while (n >= 0 && left > 0) {
        left -= n;
        n = body.read(chunk);
      }
    } catch (IOException e) {
      // it is gone, and so is whoever would have read the answer
    }
  }

  private static <T> T decode(NiroCodec codec, Class<T> type, BodyStream body, long maxBytes) {
    try {
      return codec.decode(type, body, maxBytes);
    } catch (UncheckedIOException e) {
      throw body.refusal() == null ? unreadable(e) : body.refusal();
    }
  }

  private static void checkContentType(NiroRequest request) {
    String declared = request.header("content-type");
    String type = declared == null ? "" : declared.split(";", 2)[0].strip();
    if (!type.equalsIgnoreCase("application/json")) {
      throw new InvalidRequestException(
          ErrorCode.UNSUPPORTED_MEDIA_TYPE,
          "the content type must be application/json, but is "
              + (declared == null ? "missing" : Shown.text(declared)));
    }
  }

  private static void checkDeclaredLength(NiroRequest request, long maxBytes) {
    String declared = request.header("content-length");
    if (declared == null) {
      return;
    }
    try {
      if (Long.parseLong(declared) <= maxBytes) {
        return;
      }
    } catch (NumberFormatException e) {
      throw unreadable(e);
    }
    throw new InvalidRequestException(
        ErrorCode.BODY_TOO_LARGE,
        "the body has " + declared + " bytes; at most " + maxBytes + " are taken");
  }

  private static InputStream open(NiroRequest request, long maxBytes) throws IOException {
    String encoding = request.header("content-encoding");
    String name = encoding == null ? "identity" : encoding.strip().toLowerCase(Locale.ROOT);
    return switch (name) {
      case "identity", "" -> request.body();
      case "gzip", "x-gzip" -> new GZIPInputStream(new Compressed(request.body(), maxBytes));
      default ->
          throw new InvalidRequestException(
              ErrorCode.UNSUPPORTED_MEDIA_TYPE,
              "the content encoding must be gzip or identity, but is " + Shown.text(name));
    };
  }

  private static InvalidRequestException unreadable(@Nullable Exception cause) {
    return new InvalidRequestException(
        ErrorCode.MALFORMED_BODY, "the body could not be read to its end", cause);
  }

  /** Ends a gzip stream that goes on for ever without giving a byte, as empty members can. */
  private static final class Compressed extends FilterInputStream {
    private long left;

    Compressed(InputStream source, long maxBytes) {
      super(source);
      this.left = maxBytes;
    }

    @Override
    public int read() throws IOException {
      int value = super.read();
      if (value >= 0) {
        count(1);
      }
      return value;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int n = super.read(target, offset, length);
      count(Math.max(n, 0));
      return n;
    }

    private void count(int n) throws IOException {
      left -= n;
      if (left < 0) {
        throw new IOException("the compressed body is longer than the plain one may be");
      }
    }
  }
}
