package cx.niro.core;

import java.util.regex.Pattern;

/**
 * The one check behind every id record: an id is 1 to 64 characters that are safe in a URL path and
 * in a log line.
 */
final class Identifier {
  private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  private Identifier() {}

  static String check(String name, String value) {
    if (!SHAPE.matcher(value).matches()) {
      throw new IllegalArgumentException(
          name
              + " must be 1 to 64 letters, digits, '.', '_' or '-', and start with a letter or digit, but was "
              + shown(value));
    }
    return value;
  }

  private static String shown(String value) {
    String cut = value.length() <= 80 ? value : value.substring(0, 80) + "…";
    return "'" + cut.replaceAll("\\p{Cntrl}", "?") + "' (" + value.length() + " characters)";
  }
}
