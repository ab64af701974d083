package cx.niro.core;

/**
 * The one check behind every id record: an id is 1 to 64 characters that are safe in a URL path and
 * in a log line.
 */
final class Identifier {
  private static final int MOST = 64;

  private Identifier() {}

  static String check(String name, String value) {
    if (!isShaped(value)) {
      throw new IllegalArgumentException(
          name
              + " must be 1 to 64 letters, digits, '.', '_' or '-', and start with a letter or digit, but was "
              + shown(value));
    }
    return value;
  }

  private static boolean isShaped(String value) {
    int length = value.length();
    boolean shaped = length > 0 && length <= MOST && isLetterOrDigit(value.charAt(0));
    for (int i = 1; shaped && i < length; i++) {
      char c = value.charAt(i);
      shaped = isLetterOrDigit(c) || c == '.' || c == '_' || c == '-';
    }
    return shaped;
  }

  private static boolean isLetterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  private static String shown(String value) {
    String cut = value.length() <= 80 ? value : value.substring(0, 80) + "…";
    return "'" + cut.replaceAll("\\p{Cntrl}", "?") + "' (" + value.length() + " characters)";
  }
}
