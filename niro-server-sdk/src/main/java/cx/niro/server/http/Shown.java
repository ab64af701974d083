package cx.niro.server.http;

import cx.niro.core.VisibleText;

/** Somebody else's text as it may stand in a message: short, on one line. */
final class Shown {
  private static final int MAX_CHARS = 80;

  private Shown() {}

  static String text(String value) {
    return "'" + cut(value) + "'";
  }

  /** The same without quotes. */
  static String cut(String value) {
    String cut = value.length() <= MAX_CHARS ? value : value.substring(0, MAX_CHARS) + "…";
    return visible(cut.replaceAll("\\p{Cntrl}", "?"));
  }

  /** All of it, with whatever hides or reorders text as a backslash, u and its hex digits. */
  static String visible(String text) {
    StringBuilder shown = new StringBuilder(text.length());
    text.codePoints().forEach(point -> append(shown, point));
    return shown.toString();
  }

  private static void append(StringBuilder shown, int codePoint) {
    if (!VisibleText.isInvisible(codePoint)) {
      shown.appendCodePoint(codePoint);
      return;
    }
    for (char unit : Character.toChars(codePoint)) {
      shown.append("\\u%04X".formatted((int) unit));
    }
  }
}
