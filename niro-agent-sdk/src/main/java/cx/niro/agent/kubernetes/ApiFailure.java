package cx.niro.agent.kubernetes;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The API server answered, but not with what was asked for. */
final class ApiFailure extends IOException {
  private static final long serialVersionUID = 1L;

  private final int code;
  private final int retryAfterSeconds;

  ApiFailure(int code, @Nullable String message, int retryAfterSeconds) {
    super(message == null || message.isBlank() ? "HTTP " + code : message.strip());
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  int code() {
    return code;
  }

  /** Zero when the API server named no time. */
  int retryAfterSeconds() {
    return retryAfterSeconds;
  }

  boolean isForbidden() {
    return code == 401 || code == 403;
  }

  /** The version or continue token is too old: list again. */
  boolean isGone() {
    return code == 410;
  }

  /** The API itself is not served, or the object does not exist. */
  boolean isAbsent() {
    return code == 404;
  }

  /** Overload or a fault of the server: the same call may work later. */
  boolean isPassing() {
    return code == 429 || code >= 500;
  }

  boolean isConflict() {
    return code == 409;
  }
}
