package cx.niro.app.server;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 65s}, {@code 2m}, {@code 1h}, {@code 30d}, {@code 500ms}, or plain seconds. */
public final class Durations implements ITypeConverter<Duration> {
  private static final Pattern SHAPE = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d|)");
  private static final Map<String, ChronoUnit> UNITS =
      Map.of(
          "ms", ChronoUnit.MILLIS,
          "", ChronoUnit.SECONDS,
          "s", ChronoUnit.SECONDS,
          "m", ChronoUnit.MINUTES,
          "h", ChronoUnit.HOURS,
          "d", ChronoUnit.DAYS);

  @Override
  public Duration convert(String text) {
    Matcher shape = SHAPE.matcher(text.strip());
    if (!shape.matches()) {
      throw new TypeConversionException("'" + text + "' is not a time like 65s, 2m or 1h");
    }
    return Duration.of(
        Long.parseLong(shape.group(1)), UNITS.getOrDefault(shape.group(2), ChronoUnit.SECONDS));
  }
}
