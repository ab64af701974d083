package cx.niro.server.http;

import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.NiroException;
import cx.niro.core.RetryLaterException;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * A body that is counted while it is read, against its own limit and against the budget of all. It
 * keeps why it refused to go on, because the reader above it only sees an {@link IOException}.
 */
final class BodyStream extends InputStream {
  private final InputStream source;
  private final long maxBytes;
  private final DecodingBudget budget;
  private final @Nullable Utf8Check utf8;
  private long count;
  private @Nullable NiroException refusal;

  BodyStream(InputStream source, long maxBytes, DecodingBudget budget, @Nullable Utf8Check utf8) {
    this.source = source;
    this.maxBytes = maxBytes;
    this.budget = budget;
    this.utf8 = utf8;
  }

  /** Why reading was refused; null when it was not. */
  @Nullable NiroException refusal() {
    return refusal;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    int n = read(one, 0, 1);
    return n < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int n = source.read(target, offset, length);
    if (n > 0) {
      count(n);
      checkText(target, offset, n);
    }
    return n;
  }

  private void count(int n) throws IOException {
    if (count + n > maxBytes) {
      throw refuse(
          new InvalidRequestException(
              ErrorCode.BODY_TOO_LARGE,
              "the body has more than " + maxBytes + " bytes, counted after decompression"));
    }
    if (!budget.take(n)) {
      throw refuse(
          new RetryLaterException(
              ErrorCode.OVERLOADED, "too many request bodies are being read at the moment"));
    }
    count += n;
  }

  private void checkText(byte[] target, int offset, int n) throws IOException {
    long bad = utf8 == null ? -1 : utf8.firstBad(target, offset, n);
    if (bad >= 0) {
      throw refuse(
          new InvalidRequestException(
              ErrorCode.MALFORMED_BODY, "the body is not UTF-8: see the byte at offset " + bad));
    }
  }

  private IOException refuse(NiroException why) {
    refusal = why;
    return new IOException(why.getMessage());
  }

  /** Gives the counted bytes back to the budget. The source belongs to the web stack. */
  @Override
  public void close() {
    budget.giveBack(count);
    count = 0;
  }
}
