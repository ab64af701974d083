package cx.niro.agent.testkit;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request's address as the Kubernetes API reads it.
 *
 * @param collection the path without namespace and name, for example {@code
 *     /apis/apps/v1/deployments}
 */
record FakeRequestPath(
    String collection,
    String group,
    String resource,
    @Nullable String namespace,
    @Nullable String name,
    @Nullable String subresource,
    Map<String, String> query) {

  /** Null when the path is not one of an object or a collection. */
  static @Nullable FakeRequestPath parse(String path, @Nullable String rawQuery) {
    List<String> parts = List.of(path.substring(1).split("/"));
    int start = parts.get(0).equals("api") ? 2 : 3;
    if (!List.of("api", "apis").contains(parts.get(0)) || parts.size() <= start) {
      return null;
    }
    String prefix = "/" + String.join("/", parts.subList(0, start)) + "/";
    String group = start == 2 ? "" : parts.get(1);
    List<String> rest = parts.subList(start, parts.size());
    String namespace = null;
    if (rest.get(0).equals("namespaces") && rest.size() > 2) {
      namespace = rest.get(1);
      rest = rest.subList(2, rest.size());
    }
    return new FakeRequestPath(
        prefix + rest.get(0),
        group,
        rest.get(0),
        namespace,
        rest.size() > 1 ? rest.get(1) : null,
        rest.size() > 2 ? rest.get(2) : null,
        query(rawQuery));
  }

  /** How RBAC names what is asked for. */
  String resourceAndSubresource() {
    return subresource == null ? resource : resource + "/" + subresource;
  }

  /** The verb of RBAC. */
  String verb(String method) {
    return switch (method) {
      case "POST" -> "create";
      case "PUT" -> "update";
      case "PATCH" -> "patch";
      case "DELETE" -> "delete";
      default -> name != null ? "get" : isWatch() ? "watch" : "list";
    };
  }

  boolean isWatch() {
    return List.of("1", "true").contains(query.getOrDefault("watch", ""));
  }

  boolean isLog() {
    return resource.equals("pods") && "log".equals(subresource);
  }

  private static Map<String, String> query(@Nullable String raw) {
    Map<String, String> query = new HashMap<>();
    for (String pair : raw == null || raw.isEmpty() ? new String[0] : raw.split("&")) {
      String[] sides = pair.split("=", 2);
      query.put(decode(sides[0]), sides.length > 1 ? decode(sides[1]) : "");
    }
    return query;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
