package cx.niro.agent.kubernetes;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which kinds the API server serves; asked once for each version, until {@link #refresh}. */
final class Discovery {
  private final ObjectCalls calls;
  private final Map<String, Map<String, ApiResource>> byVersion = new HashMap<>();

  Discovery(ObjectCalls calls) {
    this.calls = calls;
  }

  /** Null when the API server serves no such kind. */
  @Nullable ApiResource find(String apiVersion, String kind) throws IOException {
    Map<String, ApiResource> known = byVersion.get(apiVersion);
    if (known == null) {
      known = read(apiVersion);
      byVersion.put(apiVersion, known);
    }
    return known.get(kind);
  }

  /** The kind in this version, or else in the one that its group prefers now. */
  @Nullable ApiResource findAnyVersion(String apiVersion, String kind) throws IOException {
    ApiResource exact = find(apiVersion, kind);
    String group = ApiResource.groupOf(apiVersion);
    if (exact != null || group.isEmpty()) {
      return exact;
    }
    Json served = calls.read("/apis/" + group);
    String preferred =
        served == null ? null : served.child("preferredVersion").text("groupVersion");
    return preferred == null ? null : find(preferred, kind);
  }

  /** Forgets what may have changed: everything that custom resources may define. */
  void refresh() {
    byVersion.keySet().removeIf(version -> !Stage.isBuiltIn(ApiResource.groupOf(version)));
  }

  private Map<String, ApiResource> read(String apiVersion) throws IOException {
    Map<String, ApiResource> kinds = new HashMap<>();
    Json served = calls.read(ApiResource.root(apiVersion));
    if (served == null) {
      return kinds;
    }
    for (Json resource : served.list("resources", json -> json)) {
      String plural = resource.text("name");
      String kind = resource.text("kind");
      boolean appliable = resource.texts("verbs").contains("patch");
      if (appliable && kind != null && plural != null && plural.indexOf('/') < 0) {
        boolean namespaced = Boolean.TRUE.equals(resource.flag("namespaced"));
        kinds.put(kind, new ApiResource(apiVersion, kind, plural, namespaced));
      }
    }
    return kinds;
  }
}
