package cx.niro.agent.testkit;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import org.jspecify.annotations.Nullable;

/** An answer that is not a success, with the Status body of Kubernetes. */
final class FakeFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int code;
  private final String reason;
  private transient @Nullable JsonArray causes;

  FakeFailure(int code, String reason, String message) {
    super(message);
    this.code = code;
    this.reason = reason;
  }

  /** Server-side apply met fields of other managers. */
  static FakeFailure conflict(JsonArray causes) {
    FakeFailure failure =
        new FakeFailure(
            409, "Conflict", "Apply failed with " + causes.size() + " conflict(s): see the causes");
    failure.causes = causes;
    return failure;
  }

  static FakeFailure notServed() {
    return new FakeFailure(404, "", "404 page not found\n");
  }

  static FakeFailure notFound(FakeRequestPath path) {
    String resource = FakeRbac.qualified(path.resource(), path.group());
    return new FakeFailure(404, "NotFound", resource + " \"" + path.name() + "\" not found");
  }

  static FakeFailure expired() {
    return new FakeFailure(
        410,
        "Expired",
        "The provided continue parameter is too old to display a consistent list result. You can"
            + " start a new list without the continue parameter.");
  }

  static FakeFailure tooOld(long asked, long oldest) {
    return new FakeFailure(
        410, "Expired", "too old resource version: " + asked + " (" + oldest + ")");
  }

  int code() {
    return code;
  }

  /** Paths that no API serves are answered in plain text, as a real API server does. */
  boolean isPlain() {
    return reason.isEmpty();
  }

  JsonObject status() {
    JsonObject status = FakeObjects.parse("{'kind':'Status','apiVersion':'v1','metadata':{}}");
    status.addProperty("status", "Failure");
    status.addProperty("message", getMessage());
    status.addProperty("reason", reason);
    status.addProperty("code", code);
    if (causes != null) {
      JsonObject details = new JsonObject();
      details.add("causes", causes);
      status.add("details", details);
    }
    return status;
  }
}
