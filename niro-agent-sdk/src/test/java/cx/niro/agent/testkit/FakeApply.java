package cx.niro.agent.testkit;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Server-side apply, and which kinds there are to apply. */
final class FakeApply {
  private final FakeObjects objects;

  FakeApply(FakeObjects objects) {
    this.objects = objects;
  }

  /** What {@code /api/v1}, {@code /apis/apps/v1} or {@code /apis/apps} answer; null elsewhere. */
  static @Nullable JsonObject discovery(String path) {
    JsonArray resources = new JsonArray();
    JsonObject group = null;
    for (FakeKind kind : FakeKind.all()) {
      String root = kind.collection().substring(0, kind.collection().lastIndexOf('/'));
      if (root.equals(path)) {
        JsonObject resource = FakeObjects.parse("{'verbs':['get','create','patch','delete']}");
        resource.addProperty("name", kind.collection().substring(root.length() + 1));
        resource.addProperty("kind", kind.kind());
        resource.addProperty("namespaced", kind.namespaced());
        resources.add(resource);
      } else if (root.startsWith(path + "/") && path.startsWith("/apis/")) {
        group = FakeObjects.parse("{'kind':'APIGroup','preferredVersion':{}}");
        group.getAsJsonObject("preferredVersion").addProperty("groupVersion", kind.apiVersion());
      }
    }
    if (resources.isEmpty()) {
      return group;
    }
    JsonObject list = FakeObjects.parse("{'kind':'APIResourceList'}");
    list.add("resources", resources);
    return list;
  }

  JsonObject apply(FakeRequestPath path, JsonObject wanted) {
    String name = String.valueOf(path.name());
    String ns = path.namespace();
    if (!name.matches("[a-z0-9]([a-z0-9.-]*[a-z0-9])?")) {
      throw new FakeFailure(
          422,
          "Invalid",
          "%s \"%s\" is invalid: metadata.name: Invalid value: \"%s\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.'"
              .formatted(FakeKind.at(path.collection()).kind(), name, name));
    }
    if (ns != null && objects.get("/api/v1/namespaces", null, ns) == null) {
      throw new FakeFailure(404, "NotFound", "namespaces \"" + ns + "\" not found");
    }
    Map<String, String> query = new TreeMap<>(path.query());
    JsonObject live = objects.get(path.collection(), ns, name);
    JsonObject result =
        FakeOwners.apply(
            live,
            wanted,
            query.getOrDefault("fieldManager", "unknown"),
            query.getOrDefault("force", "").equals("true"));
    boolean same = live != null && withoutTimes(live).equals(withoutTimes(result));
    if (same) {
      return Objects.requireNonNull(live);
    }
    return query.containsKey("dryRun") ? result : objects.put(path.collection(), ns, result);
  }

  private static JsonObject withoutTimes(JsonObject object) {
    JsonObject copy = object.deepCopy();
    if (copy.getAsJsonObject("metadata").get("managedFields") instanceof JsonArray list) {
      list.forEach(entry -> entry.getAsJsonObject().remove("time"));
    }
    return copy;
  }

  /** Throws unless the object is the one that a delete means. */
  static void checkUid(String body, JsonObject live) {
    String wanted =
        body.isEmpty() ? "" : FakeSelectors.at(FakeObjects.parse(body), "preconditions.uid");
    String uid = FakeSelectors.at(live, "metadata.uid");
    if (!wanted.isEmpty() && !wanted.equals(uid)) {
      throw new FakeFailure(
          409,
          "Conflict",
          "Precondition failed: UID in precondition: %s, UID in object meta: %s"
              .formatted(wanted, uid));
    }
  }
}
