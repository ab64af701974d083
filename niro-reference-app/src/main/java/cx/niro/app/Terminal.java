package cx.niro.app;

import java.util.Locale;

/** Makes text that a cluster or a user gave safe to show on a terminal. */
public final class Terminal {
  private Terminal() {}

  /** The text on one line, with control and direction characters as {@code ?}. */
  public static String clean(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char letter = text.charAt(i);
      out.append(isUnsafe(letter) ? '?' : letter);
    }
    return out.toString();
  }

  /**
   * A line of a log: a tab stays, whatever else is unsafe is written as an escape, so that nothing
   * is lost and nothing is done.
   */
  public static String escape(String line) {
    StringBuilder out = new StringBuilder(line.length());
    for (int i = 0; i < line.length(); i++) {
      char letter = line.charAt(i);
      if (letter == '\t' || !isUnsafe(letter)) {
        out.append(letter);
      } else {
        out.append(String.format(Locale.ROOT, letter < 256 ? "\\x%02x" : "\\u%04x", (int) letter));
      }
    }
    return out.toString();
  }

  /** The same for a text of several lines, which stay. */
  public static String cleanLines(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.lines().forEach(line -> out.append(clean(line)).append('\n'));
    return out.toString();
  }

  /** Escape sequences, line breaks, and what reorders or hides the text around it. */
  static boolean isUnsafe(char letter) {
    int type = Character.getType(letter);
    return type == Character.CONTROL
        || type == Character.FORMAT
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR;
  }
}
