package cx.niro.server.http;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Values of a closed set, by the names that the API gives them. */
final class Choices {
  private Choices() {}

  static <T> T parse(String field, String text, T[] allowed, Function<T, String> wireName) {
    for (T value : allowed) {
      if (wireName.apply(value).equals(text)) {
        return value;
      }
    }
    String names = Arrays.stream(allowed).map(wireName).collect(Collectors.joining(", "));
    throw new FieldException(field, "must be one of " + names + ", but was " + Shown.text(text));
  }

  static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
