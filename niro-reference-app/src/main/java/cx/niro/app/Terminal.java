package cx.niro.app;

import java.io.Console;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Makes text that a cluster or a user gave safe to show on a terminal. */
public final class Terminal {
  private Terminal() {}

  /** What somebody at the terminal answers; null when there is no terminal. */
  @SuppressWarnings("SystemConsoleNull") // isTerminal says it where there always is a console
  public static @Nullable String ask(String question) {
    Console console = System.console();
    return console == null || !isTerminal(console) ? null : console.readLine("%s", question);
  }

  /** Since Java 22 there is a console without a terminal too. */
  private static boolean isTerminal(Console console) {
    try {
      return Boolean.TRUE.equals(Console.class.getMethod("isTerminal").invoke(console));
    } catch (NoSuchMethodException e) {
      return true;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }

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
