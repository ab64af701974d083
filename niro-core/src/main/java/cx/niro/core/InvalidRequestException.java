package cx.niro.core;

import org.jspecify.annotations.Nullable;

/** The same request will fail again: something in it has to change first. */
public class InvalidRequestException extends NiroException {
  private static final long serialVersionUID = 1L;

  /** An error with its code and a sentence that names the field, the value and the limit. */
  public InvalidRequestException(ErrorCode code, String message) {
    this(code, message, null);
  }

  /** The same with what caused it. */
  public InvalidRequestException(ErrorCode code, String message, @Nullable Throwable cause) {
    super(code, message, cause);
  }
}
