package cx.niro.app.access;

import cx.niro.core.ErrorCode;
import cx.niro.core.RetryLaterException;
import java.time.Duration;

/** A login has to wait; the answer says how long. */
final class TooManyTriesException extends RetryLaterException {
  private static final long serialVersionUID = 1L;

  private final long seconds;

  TooManyTriesException(String why, Duration wait) {
    this(why, Math.max(1, wait.plusMillis(999).toSeconds()));
  }

  private TooManyTriesException(String why, long seconds) {
    super(ErrorCode.TOO_MANY_REQUESTS, why + "; try again in " + seconds + " s");
    this.seconds = seconds;
  }

  /** For the header {@code Retry-After}. */
  long seconds() {
    return seconds;
  }
}
