package cx.niro.core;

import org.jspecify.annotations.Nullable;

/** The key or token no longer works: only a new enrollment token helps. */
public class EnrollAgainException extends NiroException {
  private static final long serialVersionUID = 1L;

  /** An error with its code and a sentence that names the field, the value and the limit. */
  public EnrollAgainException(ErrorCode code, String message) {
    this(code, message, null);
  }

  /** The same with what caused it. */
  public EnrollAgainException(ErrorCode code, String message, @Nullable Throwable cause) {
    super(code, message, cause);
  }
}
