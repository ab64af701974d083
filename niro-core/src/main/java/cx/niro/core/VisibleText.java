package cx.niro.core;

import java.text.Normalizer;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * Tells characters that a reader sees from those that hide, reorder or merely look like a space.
 */
public final class VisibleText {
  /**
   * Ignorable by default, Unicode 15 (DerivedCoreProperties.txt), as far as they are letters, marks
   * or symbols; and the braille pattern without dots.
   */
  private static final Pattern BLANK =
      Pattern.compile(
          "[\\u034F\\u115F\\u1160\\u17B4\\u17B5\\u180B-\\u180F\\u2800\\u3164\\uFE00-\\uFE0F\\uFFA0"
              + "\\x{E0100}-\\x{E01EF}]");

  private VisibleText() {}

  /**
   * Refuses text that does not show all that it has.
   *
   * @throws InvalidRequestException {@code invalid_field}, naming the field and the code point
   */
  public static void check(String field, String text) {
    OptionalInt invisible = firstInvisible(text);
    if (invisible.isPresent()) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_FIELD,
          "%s must have visible characters only, but has U+%04X"
              .formatted(field, invisible.getAsInt()));
    }
  }

  /** The same text composed (NFC), so that two texts that look alike are one. */
  public static String composed(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFC);
  }

  /** The first code point that a reader does not see; empty when there is none. */
  public static OptionalInt firstInvisible(String text) {
    return text.codePoints().filter(VisibleText::isInvisible).findFirst();
  }

  /** Whether a reader does not see this code point; a plain space is seen. */
  public static boolean isInvisible(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      case Character.SPACE_SEPARATOR -> codePoint != ' ';
      default -> BLANK.matcher(Character.toString(codePoint)).matches();
    };
  }
}
