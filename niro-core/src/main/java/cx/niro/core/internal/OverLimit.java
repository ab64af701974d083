package cx.niro.core.internal;

import cx.niro.core.ErrorCode;

/** The document as a whole is over a limit: unlike a {@link BadValue} it cannot be skipped. */
public final class OverLimit extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final String path;

  OverLimit(ErrorCode code, String path, String message) {
    super(message, null, false, false);
    this.code = code;
    this.path = path;
  }

  public ErrorCode code() {
    return code;
  }

  public String path() {
    return path;
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
