package cx.niro.agent.kubernetes;

import com.google.gson.JsonObject;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One call to the API server. */
record ApiRequest(
    String method,
    String path,
    Map<String, String> query,
    @Nullable String contentType,
    @Nullable JsonObject body) {

  static ApiRequest get(String path) {
    return new ApiRequest("GET", path, Map.of(), null, null);
  }

  static ApiRequest post(String path, JsonObject body) {
    return new ApiRequest("POST", path, Map.of(), "application/json", body);
  }

  static ApiRequest mergePatch(String path, JsonObject body) {
    return new ApiRequest("PATCH", path, Map.of(), "application/merge-patch+json", body);
  }

  /** Logs are text, but the API server negotiates as if they were JSON. */
  String accept() {
    return path.endsWith("/log") ? "application/json, */*" : "application/json";
  }

  /** Server-side apply as the field manager {@value FieldOwners#US}. */
  static ApiRequest apply(String path, JsonObject object, boolean force) {
    return new ApiRequest("PATCH", path, Map.of(), "application/apply-patch+yaml", object)
        .with("fieldManager", FieldOwners.US)
        .with("fieldValidation", "Strict")
        .with("force", Boolean.toString(force));
  }

  /** Deletes this object and no other of its name; what it owns is deleted afterwards. */
  static ApiRequest delete(String path, String uid) {
    JsonObject preconditions = new JsonObject();
    preconditions.addProperty("uid", uid);
    JsonObject options = new JsonObject();
    options.addProperty("apiVersion", "v1");
    options.addProperty("kind", "DeleteOptions");
    options.addProperty("propagationPolicy", "Background");
    options.add("preconditions", preconditions);
    return new ApiRequest("DELETE", path, Map.of(), "application/json", options);
  }

  ApiRequest with(String parameter, String value) {
    Map<String, String> more = new TreeMap<>(query);
    more.put(parameter, value);
    return new ApiRequest(method, path, more, contentType, body);
  }
}
