package cx.niro.app;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a JSON text into maps, lists, strings, numbers, booleans and nulls; for documents whose
 * form the caller does not know. Objects keep their order; whole numbers are {@code Long}.
 */
public final class Json {
  private static final int DEPTH_LIMIT = 200;

  private final String text;
  private int at;
  private int depth;

  private Json(String text) {
    this.text = text;
  }

  /**
   * The value that {@code text} spells.
   *
   * @throws IllegalArgumentException when it is not one JSON value, naming the position
   */
  public static @Nullable Object parse(String text) {
    Json reader = new Json(text);
    Object value = reader.value();
    reader.skipSpace();
    if (reader.at < text.length()) {
      throw reader.broken("end of text expected");
    }
    return value;
  }

  private @Nullable Object value() {
    skipSpace();
    if (++depth > DEPTH_LIMIT) {
      throw broken("nested more than " + DEPTH_LIMIT + " deep");
    }
    Object value =
        switch (peek()) {
          case '{' -> object();
          case '[' -> list();
          case '"' -> string();
          default -> word();
        };
    depth--;
    return value;
  }

  private Map<String, @Nullable Object> object() {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    at++;
    if (take('}')) {
      return members;
    }
    do {
      skipSpace();
      String name = string();
      expect(':');
      members.put(name, value());
    } while (take(','));
    expect('}');
    return members;
  }

  private List<@Nullable Object> list() {
    List<@Nullable Object> items = new ArrayList<>();
    at++;
    if (take(']')) {
      return items;
    }
    do {
      items.add(value());
    } while (take(','));
    expect(']');
    return items;
  }

  private String string() {
    expect('"');
    StringBuilder out = new StringBuilder();
    while (peek() != '"') {
      char next = text.charAt(at++);
      out.append(next == '\\' ? escape() : next);
    }
    at++;
    return out.toString();
  }

  private char escape() {
    char kind = peek();
    at++;
    return switch (kind) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'u' -> unicode();
      case '"', '\\', '/' -> kind;
      default -> throw broken("unknown escape");
    };
  }

  private char unicode() {
    if (at + 4 > text.length()) {
      throw broken("four hexadecimal digits expected");
    }
    try {
      char letter = (char) Integer.parseInt(text, at, at + 4, 16);
      at += 4;
      return letter;
    } catch (NumberFormatException e) {
      throw broken("four hexadecimal digits expected");
    }
  }

  private @Nullable Object word() {
    int start = at;
    while (at < text.length() && ",]} \t\r\n".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    String word = text.substring(start, at);
    return switch (word) {
      case "null" -> null;
      case "true" -> true;
      case "false" -> false;
      default -> number(word);
    };
  }

  private Object number(String word) {
    try {
      if (word.matches("-?[0-9]{1,18}")) {
        return Long.valueOf(word);
      }
      return Double.valueOf(word);
    } catch (NumberFormatException e) {
      throw broken("a JSON value expected");
    }
  }

  private boolean take(char wanted) {
    skipSpace();
    if (at < text.length() && text.charAt(at) == wanted) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(char wanted) {
    if (!take(wanted)) {
      throw broken("'" + wanted + "' expected");
    }
  }

  private char peek() {
    if (at >= text.length()) {
      throw broken("unexpected end");
    }
    return text.charAt(at);
  }

  private void skipSpace() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private IllegalArgumentException broken(String what) {
    return new IllegalArgumentException("not JSON at character " + at + ": " + what);
  }
}
