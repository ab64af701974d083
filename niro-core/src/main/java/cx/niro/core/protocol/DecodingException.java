package cx.niro.core.protocol;

import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import org.jspecify.annotations.Nullable;

/**
 * The only exception that leaves {@code NiroCodec} when input cannot be read: says where, and which
 * limit was broken.
 */
public final class DecodingException extends InvalidRequestException {
  private static final long serialVersionUID = 1L;

  private final String path;

  /**
   * @param path of the value in the document, for example {@code
   *     $.content.objects.pods[3].meta.uid}
   */
  public DecodingException(ErrorCode code, String path, String message, @Nullable Throwable cause) {
    super(code, path + ": " + message, cause);
    this.path = path;
  }

  /** Where in the document, as a JSON path. */
  public String path() {
    return path;
  }
}
