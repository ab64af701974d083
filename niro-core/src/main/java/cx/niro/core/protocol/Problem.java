package cx.niro.core.protocol;

import cx.niro.core.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * An RFC 9457 problem document.
 *
 * @param code the stable {@link ErrorCode#wireName()}; unknown ones are to be treated by status
 * @param field the request's field that is wrong, where there is one
 */
public record Problem(
    @Nullable String type,
    String title,
    int status,
    String code,
    @Nullable String detail,
    @Nullable String field) {

  public static final String MEDIA_TYPE = "application/problem+json";

  /** The document for one occurrence of an error. */
  public static Problem of(ErrorCode code, @Nullable String detail) {
    return new Problem(
        "about:blank", code.title(), code.httpStatus(), code.wireName(), detail, null);
  }
}
