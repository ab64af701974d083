package cx.niro.server.http;

import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;

/** A member or parameter of a request is wrong; the problem document names it. */
final class FieldException extends InvalidRequestException {
  private static final long serialVersionUID = 1L;

  private final String field;

  FieldException(String field, String message) {
    this(ErrorCode.INVALID_FIELD, field, message);
  }

  FieldException(ErrorCode code, String field, String message) {
    super(code, field + ": " + message);
    this.field = field;
  }

  String field() {
    return field;
  }
}
