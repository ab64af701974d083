package cx.niro.core;

import org.jspecify.annotations.Nullable;

/** The same request may succeed later: the other side is away, busy, starting or stopping. */
public class RetryLaterException extends NiroException {
  private static final long serialVersionUID = 1L;

  /** An error with its code and a sentence that names the field, the value and the limit. */
  public RetryLaterException(ErrorCode code, String message) {
    this(code, message, null);
  }

  /** The same with what caused it. */
  public RetryLaterException(ErrorCode code, String message, @Nullable Throwable cause) {
    super(code, message, cause);
  }
}
