package cx.niro.server.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * One row of the routing table.
 *
 * @param template a path whose {@code {name}} segments match any one segment
 * @param parameters of the query that it reads
 */
record Route(
    String method,
    String template,
    Set<String> parameters,
    Function<Call, CompletionStage<NiroResponse>> action) {

  /** A route that is answered at once. */
  static Route of(String method, String template, Function<Call, NiroResponse> action) {
    return new Route(
        method, template, Set.of(), call -> CompletableFuture.completedFuture(action.apply(call)));
  }

  boolean isLiteral() {
    return template.indexOf('{') < 0;
  }

  /** The path's parameters by name, or empty when it does not fit. */
  Optional<Map<String, String>> match(String path) {
    List<String> wanted = segments(template);
    List<String> given = segments(path);
    if (wanted.size() != given.size()) {
      return Optional.empty();
    }
    Map<String, String> parameters = new HashMap<>();
    for (int i = 0; i < wanted.size(); i++) {
      String segment = wanted.get(i);
      if (segment.startsWith("{")) {
        parameters.put(segment.substring(1, segment.length() - 1), given.get(i));
      } else if (!segment.equals(given.get(i))) {
        return Optional.empty();
      }
    }
    return Optional.of(parameters);
  }

  private static List<String> segments(String path) {
    List<String> segments = new ArrayList<>();
    int start = 0;
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', start)) {
      segments.add(path.substring(start, slash));
      start = slash + 1;
    }
    segments.add(path.substring(start));
    return segments;
  }
}
