package cx.niro.core;

import org.jspecify.annotations.Nullable;

/**
 * The one root of what Niro throws on purpose; catch it, or one of its three children, by what you
 * can do: {@link RetryLaterException} try again, {@link InvalidRequestException} change the
 * request, {@link EnrollAgainException} enroll again. Misuse of the API is {@link
 * IllegalArgumentException} or {@link IllegalStateException} instead.
 */
public class NiroException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  /** An error with its code and a sentence that names the field, the value and the limit. */
  public NiroException(ErrorCode code, String message) {
    this(code, message, null);
  }

  /** The same with what caused it. */
  public NiroException(ErrorCode code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  public final ErrorCode code() {
    return code;
  }
}
