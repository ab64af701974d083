package cx.niro.server.http;

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
    return cut.replaceAll("\\p{Cntrl}", "?");
  }
}
