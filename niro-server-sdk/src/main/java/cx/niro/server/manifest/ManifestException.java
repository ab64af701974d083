package cx.niro.server.manifest;

import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.managed.ObjectSource;

/** A manifest cannot be taken; the message says where and why and quotes no value. */
public final class ManifestException extends InvalidRequestException {
  private static final long serialVersionUID = 1L;

  /** What is wrong there. */
  public ManifestException(ObjectSource source, String why) {
    super(ErrorCode.INVALID_FIELD, Manifest.where(source) + ": " + why);
  }
}
