package cx.niro.agent.kubernetes;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The API server answered, but not with what was asked for. */
final class ApiFailure extends IOException {
  private static final long serialVersionUID = 1L;
  private static final int MESSAGE_CHARS = 512;

  /** What is wrong with one field. */
  record Cause(String reason, String message, String field) {
    static Cause of(Json json) {
      return new Cause(
          String.valueOf(json.text("reason")),
          String.valueOf(json.text("message", Json.MESSAGE)),
          String.valueOf(json.text("field")));
    }
  }

  private final int code;
  private final int retryAfterSeconds;
  private final transient Json status;

  ApiFailure(int code, @Nullable String message, int retryAfterSeconds) {
    super(said(code, message));
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
    this.status = new Json(new JsonObject());
  }

  /**
   * @param status the Status that was answered, empty when it was something else
   */
  ApiFailure(int code, Json status, int retryAfterSeconds) {
    super(said(code, status.text("message", MESSAGE_CHARS)));
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
    this.status = status;
  }

  private static String said(int code, @Nullable String message) {
    return message == null || message.isBlank() ? "HTTP " + code : message.strip();
  }

  /** For programs, for example {@code Invalid}; empty when none was given. */
  String reason() {
    String reason = status.text("reason");
    return reason == null ? "" : reason;
  }

  List<Cause> causes() {
    return status.child("details").list("causes", Cause::of);
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
