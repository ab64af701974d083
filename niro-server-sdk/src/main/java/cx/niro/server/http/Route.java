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
record Route(String method, String template, Set<String> parameters, Terms terms, Entry entry) {

  /** Lets a caller in or throws, before the body is read; what is returned gets the body. */
  @FunctionalInterface
  interface Entry {
    Action enter(Call call);

    /**
     * The same where neither a store nor a guest is to be asked, on the thread that brings the
     * request; empty where it takes one.
     */
    default Optional<Action> enterAtOnce(Call call) {
      return Optional.empty();
    }
  }

  /** Answers a call whose body, if there is one, is there. */
  @FunctionalInterface
  interface Action {
    CompletionStage<NiroResponse> answer(Call call);

    /** One that needs no waiting. */
    static Action of(Function<Call, NiroResponse> action) {
      return call -> CompletableFuture.completedFuture(action.apply(call));
    }
  }

  /**
   * How a route is run.
   *
   * @param atOnce on the thread that brings the request, for what asks no store
   * @param callerKnown whether entry says who calls
   * @param maxBody bytes of a body, plain or compressed; 0 when none is read
   * @param kind whose budget it is worked on from; means nothing with {@code atOnce}
   */
  record Terms(boolean atOnce, boolean callerKnown, long maxBody, Admission.Kind kind) {
    static final Terms AT_ONCE = new Terms(true, false, 0, Admission.Kind.CALLS);

    static Terms known(long maxBody, Admission.Kind kind) {
      return new Terms(false, true, maxBody, kind);
    }

    static Terms anybody(long maxBody, Admission.Kind kind) {
      return new Terms(false, false, maxBody, kind);
    }
  }

  /** A route that anybody may call and that is answered at once. */
  static Route open(String template, Function<Call, NiroResponse> action) {
    return new Route("GET", template, Set.of(), Terms.AT_ONCE, call -> Action.of(action));
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
