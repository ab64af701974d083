package cx.niro.app.dashboard;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** 2,400 pods on four clusters, with the filters and pages of the real call. */
final class PodFixture {
  private static final int PODS = 2400;
  private static final List<String> CLUSTERS =
      List.of("berlin-edge-1", "berlin-edge-2", "factory-hall-7", "staging-eu");
  private static final List<String> NAMESPACES =
      List.of("kube-system", "line", "monitoring", "shop", "vision");
  private static final List<String> APPS =
      List.of("cart", "coredns", "gateway", "plc-bridge", "web");

  private record Row(int number, String cluster, String namespace, String name) {
    String json() {
      boolean sick = number % 37 == 5;
      return """
          {"uid": "p-%d", "cluster": {"id": "%s", "name": "%s"}, "namespace": "%s", "name": "%s", "phase": "Running",
           "status": "%s", "message": %s, "ready": "%s", "restarts": %d, "node": "pi-%d", "owner": {"kind": "Deployment", "name": "%s"},
           "containers": ["%s", "istio-proxy"], "images": ["registry.example.com/shop/%s:1.%d.0"], "requests": {"cpuMillis": 100, "memoryBytes": 134217728},
           "limits": {"cpuMillis": null, "memoryBytes": null}, "usage": {"cpuMillis": 12, "memoryBytes": 52428800},
           "createdAt": "2026-11-%02dT10:00:00Z"}"""
          .formatted(
              number,
              "c-0" + (CLUSTERS.indexOf(cluster) + 1),
              cluster,
              namespace,
              name,
              sick ? "CrashLoopBackOff" : "Running",
              sick ? "\"back-off 5m0s restarting failed container\"" : "null",
              sick ? "0/1" : "1/1",
              sick ? 40 + number % 9 : 0,
              number % 4 + 1,
              app(number),
              app(number),
              app(number),
              number % 30,
              number % 20 + 1);
    }
  }

  private PodFixture() {}

  static String page(HttpServletRequest request) {
    String text = request.getParameter("q") == null ? "" : request.getParameter("q");
    List<Row> all =
        rows()
            .filter(row -> fits(row.namespace(), request.getParameter("namespace")))
            .filter(
                row ->
                    fits(
                        "c-0" + (CLUSTERS.indexOf(row.cluster()) + 1),
                        request.getParameter("cluster")))
            .filter(row -> (row.cluster() + row.namespace() + row.name()).contains(text))
            .toList();
    int from = Integer.parseInt(orElse(request.getParameter("cursor"), "0"));
    int to =
        Math.min(all.size(), from + Integer.parseInt(orElse(request.getParameter("limit"), "100")));
    String items = all.subList(from, to).stream().map(Row::json).collect(Collectors.joining(","));
    String next = to < all.size() ? "\"" + to + "\"" : "null";
    return "{\"items\": [" + items + "], \"nextCursor\": " + next + "}";
  }

  private static Stream<Row> rows() {
    int each = PODS / CLUSTERS.size();
    return IntStream.range(0, PODS)
        .mapToObj(
            i -> {
              String namespace = NAMESPACES.get(i % each / (each / NAMESPACES.size()));
              return new Row(
                  i, CLUSTERS.get(i / each), namespace, "%s-6d9f7c5b8-%05d".formatted(app(i), i));
            });
  }

  private static String app(int number) {
    return APPS.get(number % APPS.size());
  }

  private static boolean fits(String value, @Nullable String wanted) {
    return wanted == null || wanted.equals(value);
  }

  private static String orElse(@Nullable String value, String other) {
    return value == null ? other : value;
  }
}
