package cx.niro.server.http;

import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Labels that users give to clusters. */
final class Labels {
  private static final int MAX = 64;
  private static final int MAX_VALUE_CHARS = 256;
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,127}");

  private Labels() {}

  static @Nullable Map<String, String> checked(@Nullable Map<String, String> labels) {
    if (labels == null) {
      return null;
    }
    if (labels.size() > MAX) {
      throw new FieldException("labels", "at most " + MAX + ", but there are " + labels.size());
    }
    labels.forEach(Labels::check);
    return labels;
  }

  private static void check(String key, @Nullable String value) {
    if (!KEY.matcher(key).matches()) {
      throw new FieldException(
          "labels",
          "a key is 1 to 128 letters, digits, '.', '_', '/' or '-', but was " + Shown.text(key));
    }
    if (value == null || value.length() > MAX_VALUE_CHARS) {
      throw new FieldException(
          "labels." + key,
          "the value must be a text of at most " + MAX_VALUE_CHARS + " characters");
    }
  }

  /** Whether each of {@code wanted}, {@code key} or {@code key=value}, is there. */
  static boolean match(Map<String, String> labels, Set<String> wanted) {
    return wanted.stream().allMatch(selector -> match(labels, selector));
  }

  private static boolean match(Map<String, String> labels, String selector) {
    int equals = selector.indexOf('=');
    return equals < 0
        ? labels.containsKey(selector)
        : selector.substring(equals + 1).equals(labels.get(selector.substring(0, equals)));
  }
}
