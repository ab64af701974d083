package cx.niro.app.access;

import cx.niro.core.ErrorCode;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A call of {@link AccessServlet} and how its body and query are read.
 *
 * @param id what stands in the path; empty for lists
 */
record AccessCall(AppCaller caller, String id, HttpServletRequest request) {
  private static final int PAGE = 100;
  private static final int LONGEST_PAGE = 1000;

  /** Refuses a parameter that is not one of these. */
  void allow(Set<String> parameters) {
    for (String name : request.getParameterMap().keySet()) {
      if (!parameters.contains(name)) {
        throw new WrongFieldException(
            ErrorCode.UNKNOWN_PARAMETER,
            name,
            "this call takes "
                + (parameters.isEmpty() ? "no parameter" : String.join(", ", parameters)));
      }
    }
  }

  /** The body, whose members must all be among {@code names}. */
  Map<?, ?> body(Set<String> names) {
    Map<?, ?> body = LoginServlet.bodyOf(request);
    for (Object name : body.keySet()) {
      if (!names.contains(name)) {
        throw new WrongFieldException(String.valueOf(name), "is not known here");
      }
    }
    return body;
  }

  static String text(Map<?, ?> body, String name) {
    if (body.get(name) instanceof String text) {
      return text;
    }
    throw new WrongFieldException(name, "must be a text");
  }

  static @Nullable Long number(Map<?, ?> body, String name) {
    Object value = body.get(name);
    if (value == null || value instanceof Long) {
      return (Long) value;
    }
    throw new WrongFieldException(name, "must be a whole number");
  }

  static Role role(Map<?, ?> body, Role otherwise) {
    if (body.get("role") == null) {
      return otherwise;
    }
    String name = text(body, "role");
    for (Role role : Role.values()) {
      if (role.wireName().equals(name)) {
        return role;
      }
    }
    throw new WrongFieldException("role", "must be one of owner, admin, member, viewer");
  }

  /** One page of a list; the cursor is the id of its last entry. */
  <T> Map<String, @Nullable Object> page(
      List<T> all, Function<T, String> id, Function<T, Map<String, @Nullable Object>> shown) {
    allow(Set.of("limit", "cursor"));
    int start = start(all, id);
    List<T> rest = all.subList(start, all.size());
    List<T> page = rest.subList(0, Math.min(limit(), rest.size()));
    List<Object> items = new ArrayList<>();
    page.forEach(entry -> items.add(shown.apply(entry)));
    boolean more = page.size() < rest.size();
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("items", items);
    answer.put("nextCursor", more ? id.apply(page.get(page.size() - 1)) : null);
    return answer;
  }

  private <T> int start(List<T> all, Function<T, String> id) {
    String cursor = request.getParameter("cursor");
    if (cursor == null || cursor.isEmpty()) {
      return 0;
    }
    for (int i = 0; i < all.size(); i++) {
      if (id.apply(all.get(i)).equals(cursor)) {
        return i + 1;
      }
    }
    throw new WrongFieldException(
        "cursor", "was not made by this list, or its entry is gone; begin again");
  }

  private int limit() {
    String text = request.getParameter("limit");
    if (text == null || text.isEmpty()) {
      return PAGE;
    }
    if (text.matches("[0-9]{1,4}")) {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= LONGEST_PAGE) {
        return limit;
      }
    }
    throw new WrongFieldException("limit", "must be 1 to " + LONGEST_PAGE);
  }

  /** Method and path for a message. */
  static String shown(HttpServletRequest request) {
    return request.getMethod().toUpperCase(Locale.ROOT) + " " + request.getRequestURI();
  }
}
