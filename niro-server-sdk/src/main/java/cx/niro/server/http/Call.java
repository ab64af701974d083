package cx.niro.server.http;

import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.VisibleText;
import cx.niro.server.spi.Page;
import java.io.InputStream;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A request on its route: what stands in path and query, each checked where it is read.
 *
 * @param maxBody how many bytes the body may have, before and after decompression
 */
record Call(NiroRequest request, Map<String, String> parameters, long maxBody) {
  private static final int MAX_CURSOR_CHARS = 4096;
  private static final int MAX_TEXT_CHARS = 256;

  /** The same call with its body. */
  Call with(InputStream body) {
    return new Call(request.with(body), parameters, maxBody);
  }

  /** An id of the path; one that cannot be an id names nothing, so it is {@code not_found}. */
  <T> T id(String name, Function<String, T> make) {
    String text = Objects.requireNonNull(parameters.get(name), name);
    try {
      return make.apply(text);
    } catch (IllegalArgumentException e) {
      throw new InvalidRequestException(
          ErrorCode.NOT_FOUND, "there is no " + name + " " + Shown.text(text), e);
    }
  }

  /** Refuses parameters that the call does not take, which are typing mistakes mostly. */
  void refuseOthers(Set<String> known) {
    for (String name : request.query().keySet()) {
      if (!known.contains(name)) {
        throw new FieldException(
            ErrorCode.UNKNOWN_PARAMETER,
            Shown.cut(name),
            known.isEmpty()
                ? "this call takes no parameters"
                : "this call takes " + String.join(", ", known));
      }
    }
  }

  /** A parameter that may be given once; null when it is not there or empty. */
  @Nullable String query(String name) {
    List<String> values = request.query().getOrDefault(name, List.of());
    if (values.size() > 1) {
      throw new FieldException(
          name, "may be given once, but was given " + values.size() + " times");
    }
    return values.isEmpty() || values.get(0).isEmpty() ? null : values.get(0);
  }

  /** A parameter that may be repeated; empty values do not count. */
  Set<String> queryAll(String name) {
    Set<String> values = new LinkedHashSet<>(request.query().getOrDefault(name, List.of()));
    values.remove("");
    return values;
  }

  /** The same with commas between values too. */
  Set<String> queryList(String name) {
    Set<String> values = new LinkedHashSet<>();
    queryAll(name).forEach(text -> values.addAll(List.of(text.split(","))));
    values.remove("");
    return values;
  }

  /** A repeatable parameter with a closed set of values, spelled by {@code wireName}. */
  <T> Set<T> queryAll(String name, T[] allowed, Function<T, String> wireName) {
    Set<T> values = new LinkedHashSet<>();
    for (String text : queryAll(name)) {
      values.add(Choices.parse(name, text, allowed, wireName));
    }
    return values;
  }

  /** {@code true} or {@code false}; null when it is not there. */
  @Nullable Boolean flag(String name) {
    String text = query(name);
    Boolean[] both = {true, false};
    return text == null ? null : Choices.parse(name, text, both, String::valueOf);
  }

  /** A whole number within its range. */
  int number(String name, int least, int most, int otherwise) {
    String text = query(name);
    if (text == null) {
      return otherwise;
    }
    try {
      int value = Integer.parseInt(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // told below, in one sentence for both
    }
    throw new FieldException(
        name, "must be " + least + " to " + most + ", but was " + Shown.text(text));
  }

  /** The parameter {@code q}, in lower case; empty when it is not there. */
  String text() {
    String text = query("q");
    if (text != null && text.length() > MAX_TEXT_CHARS) {
      throw new FieldException("q", "may have " + MAX_TEXT_CHARS + " characters at most");
    }
    return text == null ? "" : Choices.lower(VisibleText.composed(text));
  }

  /** Whether a body was sent; for calls that can do without. */
  boolean hasBody() {
    String length = request.header("content-length");
    return length == null
        ? request.header("transfer-encoding") != null || request.header("content-type") != null
        : !length.equals("0");
  }

  int limit() {
    return number("limit", 1, Page.MAX_LIMIT, Page.DEFAULT_LIMIT);
  }

  /** What follows of the list of this name: the inside of a cursor, or null for its beginning. */
  @Nullable String position(String list) {
    String cursor = query("cursor");
    if (cursor == null) {
      return null;
    }
    if (cursor.length() > MAX_CURSOR_CHARS) {
      throw new FieldException("cursor", "was not made by this list");
    }
    return Cursor.open(list, cursor);
  }
}
