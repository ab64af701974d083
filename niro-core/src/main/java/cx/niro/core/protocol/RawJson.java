package cx.niro.core.protocol;

/**
 * A JSON value that is carried and not looked into: a command's payload, a result's output. Made by
 * {@code NiroCodec#rawJson(String)}, which checks that it is one well-formed value.
 */
public record RawJson(String text) {
  /** The empty object. */
  public static final RawJson EMPTY = new RawJson("{}");

  @Override
  public String toString() {
    return "RawJson(" + text.length() + " characters)";
  }
}
