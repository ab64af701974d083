package cx.niro.server.manifest;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.ConstructNode;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.Schema;

/**
 * What a text without quotes means to {@code kubectl}, which follows YAML 1.1 where people rely on
 * it: {@code 0644} is octal, {@code yes} is true.
 */
final class KubectlScalars implements Schema, ScalarResolver {
  /**
   * Longer ones are no number to anybody, and reading them takes time that grows with the square.
   */
  private static final int WHOLE_CHARS = 40;

  private static final List<String> NULLS = List.of("", "~", "null", "Null", "NULL");
  private static final Pattern TRUE = Pattern.compile("true|True|TRUE|yes|Yes|YES|on|On|ON");
  private static final Pattern FALSE = Pattern.compile("false|False|FALSE|no|No|NO|off|Off|OFF");
  private static final Pattern INT =
      Pattern.compile("[-+]?(0|[1-9][0-9_]*|0o?[0-7_]+|0x[0-9a-fA-F_]+|0b[01_]+)");
  private static final Pattern FLOAT =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");

  @Override
  public Tag resolve(String value, Boolean implicit) {
    if (!implicit) {
      return Tag.STR;
    }
    if (NULLS.contains(value)) {
      return Tag.NULL;
    }
    if (TRUE.matcher(value).matches() || FALSE.matcher(value).matches()) {
      return Tag.BOOL;
    }
    if (INT.matcher(value).matches()) {
      return Tag.INT;
    }
    return FLOAT.matcher(value).matches() ? Tag.FLOAT : value.equals("<<") ? Tag.MERGE : Tag.STR;
  }

  @Override
  public ScalarResolver getScalarResolver() {
    return this;
  }

  /** None: nodes become values in {@link #value} only. */
  @Override
  public Map<Tag, ConstructNode> getSchemaTagConstructors() {
    return Map.of();
  }

  /**
   * @throws IllegalArgumentException for a tag that JSON has no value for, and for a number out of
   *     bounds
   */
  static @Nullable Object value(ScalarNode node) {
    String text = node.getValue();
    Tag tag = node.getTag();
    if (tag.equals(Tag.STR)) {
      return text;
    }
    if (tag.equals(Tag.NULL)) {
      return null;
    }
    if (tag.equals(Tag.BOOL)) {
      return TRUE.matcher(text).matches();
    }
    if (tag.equals(Tag.INT) && INT.matcher(text).matches()) {
      if (text.length() > WHOLE_CHARS) {
        throw new IllegalArgumentException(
            "a whole number must have at most "
                + WHOLE_CHARS
                + " characters; put a text in quotes");
      }
      return whole(text.replace("_", ""));
    }
    if (tag.equals(Tag.FLOAT) && FLOAT.matcher(text).matches()) {
      return number(Double.parseDouble(text));
    }
    throw new IllegalArgumentException("a value has a tag that JSON cannot have");
  }

  private static Object whole(String text) {
    boolean minus = text.startsWith("-");
    String digits = minus || text.startsWith("+") ? text.substring(1) : text;
    int radix = digits.length() < 2 || digits.charAt(0) != '0' ? 10 : radix(digits.charAt(1));
    int skip = radix == 10 ? 0 : Character.isLetter(digits.charAt(1)) ? 2 : 1;
    BigInteger value = new BigInteger((minus ? "-" : "") + digits.substring(skip), radix);
    return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value.doubleValue();
  }

  private static int radix(char second) {
    return switch (second) {
      case 'x' -> 16;
      case 'b' -> 2;
      default -> 8;
    };
  }

  /** A number without a fraction is written without one. */
  private static Object number(double value) {
    if (Double.isInfinite(value)) {
      throw new IllegalArgumentException("a number is too large");
    }
    return Math.rint(value) == value && Math.abs(value) < 1L << 53 ? (Object) (long) value : value;
  }
}
