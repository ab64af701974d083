package cx.niro.app;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes values of {@link Json} as indented JSON or as YAML. */
public final class Printed {
  private Printed() {}

  /** Indented JSON; control characters are escaped, so that it is safe on a terminal. */
  public static String json(@Nullable Object value) {
    StringBuilder out = new StringBuilder();
    json(value, "\n", out);
    return out.toString();
  }

  /** JSON on one line. */
  public static String compact(@Nullable Object value) {
    StringBuilder out = new StringBuilder();
    json(value, null, out);
    return out.toString();
  }

  private static void json(@Nullable Object value, @Nullable String indent, StringBuilder out) {
    if (value instanceof Map<?, ?> map) {
      String gap = "{";
      for (Map.Entry<?, ?> member : map.entrySet()) {
        out.append(gap).append(indent == null ? "" : indent + "  ");
        out.append(quoted(String.valueOf(member.getKey()))).append(indent == null ? ":" : ": ");
        json(member.getValue(), indent == null ? null : indent + "  ", out);
        gap = ",";
      }
      out.append(map.isEmpty() ? "{}" : (indent == null ? "" : indent) + "}");
    } else if (value instanceof List<?> list) {
      String gap = "[";
      for (Object item : list) {
        out.append(gap).append(indent == null ? "" : indent + "  ");
        json(item, indent == null ? null : indent + "  ", out);
        gap = ",";
      }
      out.append(list.isEmpty() ? "[]" : (indent == null ? "" : indent) + "]");
    } else {
      out.append(scalar(value));
    }
  }

  /** YAML in block form, ending with a line end. */
  public static String yaml(@Nullable Object value) {
    StringBuilder out = new StringBuilder();
    yaml(value, "", out);
    return out.toString();
  }

  private static void yaml(@Nullable Object value, String indent, StringBuilder out) {
    if (value instanceof Map<?, ?> map && !map.isEmpty()) {
      map.forEach((name, member) -> yamlMember(plain(String.valueOf(name)), member, indent, out));
    } else if (value instanceof List<?> list && !list.isEmpty()) {
      list.forEach(item -> yamlItem(item, indent, out));
    } else {
      out.append(indent).append(yamlScalar(value)).append('\n');
    }
  }

  private static void yamlMember(
      String name, @Nullable Object member, String indent, StringBuilder out) {
    out.append(indent).append(name).append(':');
    if (isBlock(member)) {
      out.append('\n');
      yaml(member, indent + "  ", out);
    } else {
      out.append(' ').append(yamlScalar(member)).append('\n');
    }
  }

  private static void yamlItem(@Nullable Object item, String indent, StringBuilder out) {
    StringBuilder block = new StringBuilder();
    yaml(item, indent + "  ", block);
    out.append(indent).append("- ").append(block.substring(indent.length() + 2));
  }

  private static boolean isBlock(@Nullable Object value) {
    return (value instanceof Map<?, ?> map && !map.isEmpty())
        || (value instanceof List<?> list && !list.isEmpty());
  }

  private static String yamlScalar(@Nullable Object value) {
    if (value instanceof Map<?, ?>) {
      return "{}";
    }
    if (value instanceof List<?>) {
      return "[]";
    }
    return value instanceof String text ? plain(text) : scalar(value);
  }

  /** Unquoted only where no reader of YAML 1.1 or 1.2 could take it for something else. */
  private static String plain(String text) {
    boolean word = text.matches("[A-Za-z][A-Za-z0-9_./-]*");
    return word && !text.matches("(?i)y|n|yes|no|on|off|true|false|null") ? text : quoted(text);
  }

  private static String scalar(@Nullable Object value) {
    return value instanceof String text ? quoted(text) : String.valueOf(value);
  }

  private static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char letter = text.charAt(i);
      if (letter == '"' || letter == '\\') {
        out.append('\\').append(letter);
      } else if (letter == '\n') {
        out.append("\\n");
      } else if (Terminal.isUnsafe(letter)) {
        out.append(String.format("\\u%04x", (int) letter));
      } else {
        out.append(letter);
      }
    }
    return out.append('"').toString();
  }
}
