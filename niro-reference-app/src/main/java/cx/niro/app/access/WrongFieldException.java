package cx.niro.app.access;

import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;

/** A member or parameter of a request is wrong; the problem document names it. */
final class WrongFieldException extends InvalidRequestException {
  private static final long serialVersionUID = 1L;

  private final String field;

  WrongFieldException(String field, String message) {
    this(ErrorCode.INVALID_FIELD, field, message);
  }

  WrongFieldException(ErrorCode code, String field, String message) {
    super(code, field + ": " + message);
    this.field = field;
  }

  String field() {
    return field;
  }
}
