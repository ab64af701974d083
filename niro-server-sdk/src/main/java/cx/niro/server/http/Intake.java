package cx.niro.server.http;

import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.NiroException;
import cx.niro.core.RetryLaterException;
import java.io.InputStream;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One body on its way in. A body that is refused is read on for a while and thrown away: a client
 * whose connection breaks while it still sends never sees why it was refused. The lock is held to
 * copy bytes and never during a call to anybody.
 */
final class Intake implements BodySource.Receiver {
  private static final long LEAST_DISCARDED = 256 * 1024;

  /**
   * What is to come.
   *
   * @param maxBytes how many are kept at most; with 0 all are thrown away
   * @param refusal why none is kept; null while nothing speaks against it
   */
  record Expected(long maxBytes, @Nullable NiroException refusal) {}

  private final long maxBytes;
  private final ReceivedBody received;
  private final BiConsumer<Intake, InputStream> then;
  private @Nullable NiroException refusal;
  private long count;
  private boolean over;

  /**
   * Calls {@code then} once, with the body or a {@link RefusedBody}, from the thread that ends it.
   */
  Intake(Expected expected, ByteBudget budget, BiConsumer<Intake, InputStream> then) {
    this.maxBytes = expected.maxBytes();
    this.refusal = expected.refusal();
    this.received = new ReceivedBody(budget);
    this.then = then;
  }

  @Override
  public boolean take(byte[] buffer, int offset, int length) {
    synchronized (this) {
      if (over) {
        return false;
      }
      count += length;
      keep(buffer, offset, length);
      if (count <= Math.max(LEAST_DISCARDED, 3 * maxBytes)) {
        return true;
      }
    }
    finish(null);
    return false;
  }

  private void keep(byte[] buffer, int offset, int length) {
    if (refusal != null || maxBytes == 0) {
      return;
    }
    if (count > maxBytes) {
      refuse(
          new InvalidRequestException(
              ErrorCode.BODY_TOO_LARGE,
              "the body has more than " + maxBytes + " bytes, counted after decompression"));
    } else if (!received.append(buffer, offset, length)) {
      refuse(
          new RetryLaterException(
              ErrorCode.OVERLOADED, "too many request bodies are being read at the moment"));
    }
  }

  private void refuse(NiroException why) {
    if (refusal == null) {
      refusal = why;
    }
    received.close();
  }

  @Override
  public void end() {
    finish(null);
  }

  @Override
  public void fail(Throwable cause) {
    finish(
        new InvalidRequestException(
            ErrorCode.MALFORMED_BODY, "the body could not be read to its end", cause));
  }

  /** The time for the whole body is over. */
  void expire(long seconds) {
    finish(
        new RetryLaterException(
            ErrorCode.BODY_TIMEOUT, "the body was not there within " + seconds + " s"));
  }

  private void finish(@Nullable NiroException why) {
    InputStream body;
    synchronized (this) {
      if (over) {
        return;
      }
      over = true;
      if (why != null) {
        refuse(why);
      }
      body = refusal == null ? received : new RefusedBody(refusal);
    }
    then.accept(this, body);
  }
}
