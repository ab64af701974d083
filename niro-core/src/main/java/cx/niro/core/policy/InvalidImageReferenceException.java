package cx.niro.core.policy;

/** A text that names no container image; says which text and what is wrong with it. */
public final class InvalidImageReferenceException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  InvalidImageReferenceException(String text, String problem) {
    super("image reference '" + shown(text) + "' " + problem);
  }

  private static String shown(String text) {
    String cut = text.length() <= 128 ? text : text.substring(0, 128) + "…";
    return cut.replaceAll("\\p{Cntrl}", "?");
  }
}
