package cx.niro.agent.kubernetes;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Kubernetes' quantities ({@code 100m}, {@code 1Gi}, {@code 1e3}, {@code 12E}) as whole numbers,
 * rounded up as Kubernetes does, and kept within a long.
 */
final class Quantity {
  private static final Pattern FORM =
      Pattern.compile(
          "([+-]?(?:\\d{1,30}(?:\\.\\d{0,30})?|\\.\\d{1,30}))"
              + "(?:[eE]([+-]?\\d{1,2})|([numkMGTPE]|[KMGTPE]i))?");
  private static final Map<String, Integer> TENS =
      Map.of("n", -9, "u", -6, "m", -3, "k", 3, "M", 6, "G", 9, "T", 12, "P", 15, "E", 18);
  private static final String BINARY = "KMGTPE";
  private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

  private Quantity() {}

  /** Bytes, pods, or whatever is counted in ones; null when {@code text} is no quantity. */
  static @Nullable Long units(@Nullable String text) {
    return scaled(text, 0);
  }

  /** Thousandths, for CPU. */
  static @Nullable Long millis(@Nullable String text) {
    return scaled(text, 3);
  }

  /** As it is, to compare it; null when {@code text} is no quantity. */
  static @Nullable BigDecimal exact(@Nullable String text) {
    Matcher form = FORM.matcher(text == null ? "" : text);
    if (!form.matches()) {
      return null;
    }
    BigDecimal value = new BigDecimal(form.group(1));
    if (form.group(2) != null) {
      value = value.scaleByPowerOfTen(Integer.parseInt(form.group(2)));
    } else if (form.group(3) != null) {
      value = suffixed(value, form.group(3));
    }
    return value;
  }

  private static @Nullable Long scaled(@Nullable String text, int powerOfTen) {
    BigDecimal exact = exact(text);
    if (exact == null) {
      return null;
    }
    BigDecimal value = exact.scaleByPowerOfTen(powerOfTen);
    BigDecimal bounded = value.min(MOST).max(MOST.negate());
    return bounded.setScale(0, RoundingMode.UP).longValueExact();
  }

  private static BigDecimal suffixed(BigDecimal value, String suffix) {
    Integer tens = TENS.get(suffix);
    if (tens != null) {
      return value.scaleByPowerOfTen(tens);
    }
    return value.multiply(BigDecimal.valueOf(1024).pow(BINARY.indexOf(suffix.charAt(0)) + 1));
  }
}
