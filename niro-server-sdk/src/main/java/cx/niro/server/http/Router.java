package cx.niro.server.http;

import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Finds the route of a request. Paths without parameters cost one look-up. */
final class Router {
  private final List<Route> routes;
  private final Map<String, List<Route>> literal;
  private final List<Route> templates;

  Router(List<Route> routes) {
    this.routes = List.copyOf(routes);
    this.literal =
        routes.stream().filter(Route::isLiteral).collect(Collectors.groupingBy(Route::template));
    this.templates = routes.stream().filter(route -> !route.isLiteral()).toList();
  }

  List<Route> routes() {
    return routes;
  }

  /**
   * The route and its path parameters; HEAD is answered by the route of GET.
   *
   * @throws InvalidRequestException {@code not_found}, or {@link MethodNotAllowedException}
   */
  Match match(String method, String path) {
    String wanted = method.equals("HEAD") ? "GET" : method;
    for (Route route : literal.getOrDefault(path, List.of())) {
      if (route.method().equals(wanted)) {
        return new Match(route, Map.of());
      }
    }
    Map<Route, Map<String, String>> fitting = fitting(path);
    if (fitting.isEmpty()) {
      throw new InvalidRequestException(ErrorCode.NOT_FOUND, "there is nothing at this path");
    }
    return fitting.entrySet().stream()
        .filter(entry -> entry.getKey().method().equals(wanted))
        .map(entry -> new Match(entry.getKey(), entry.getValue()))
        .findFirst()
        .orElseThrow(() -> new MethodNotAllowedException(method, allowed(fitting.keySet())));
  }

  private Map<Route, Map<String, String>> fitting(String path) {
    Map<Route, Map<String, String>> fitting = new LinkedHashMap<>();
    for (Route route : literal.getOrDefault(path, List.of())) {
      fitting.put(route, Map.of());
    }
    if (!fitting.isEmpty()) {
      return fitting;
    }
    for (Route route : templates) {
      Optional<Map<String, String>> parameters = route.match(path);
      parameters.ifPresent(found -> fitting.put(route, found));
    }
    return fitting;
  }

  private static Set<String> allowed(Set<Route> routes) {
    Set<String> methods = new TreeSet<>();
    routes.forEach(route -> methods.add(route.method()));
    if (methods.contains("GET")) {
      methods.add("HEAD");
    }
    return methods;
  }

  /** What was found. */
  record Match(Route route, Map<String, String> parameters) {}

  /** The path exists, the method does not. */
  static final class MethodNotAllowedException extends InvalidRequestException {
    private static final long serialVersionUID = 1L;

    private final String allow;

    private MethodNotAllowedException(String method, Set<String> allowed) {
      super(
          ErrorCode.METHOD_NOT_ALLOWED,
          "this path takes " + String.join(", ", allowed) + ", not " + Shown.text(method));
      this.allow = String.join(", ", allowed);
    }

    /** The value of the header {@code Allow}. */
    String allow() {
      return allow;
    }
  }
}
