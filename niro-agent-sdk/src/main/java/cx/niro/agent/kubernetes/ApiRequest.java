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

  ApiRequest with(String parameter, String value) {
    Map<String, String> more = new TreeMap<>(query);
    more.put(parameter, value);
    return new ApiRequest(method, path, more, contentType, body);
  }
}
