package cx.niro.server.notify;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** The header {@code Retry-After} (RFC 9110, 10.2.3): seconds, or a date. */
final class RetryAfter {
  private static final double LONGEST_SECONDS = 24 * 3600;

  private RetryAfter() {}

  /** Null when there is none or it says nothing. */
  static @Nullable Duration parse(@Nullable String header, Instant now) {
    if (header == null) {
      return null;
    }
    try {
      double seconds = Double.parseDouble(header.strip());
      return seconds > 0
          ? Duration.ofMillis((long) (Math.min(seconds, LONGEST_SECONDS) * 1000))
          : null;
    } catch (NumberFormatException e) {
      return until(header.strip(), now);
    }
  }

  private static @Nullable Duration until(String date, Instant now) {
    try {
      Instant at = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return at.isAfter(now) ? Duration.between(now, at) : null;
    } catch (DateTimeException e) {
      return null;
    }
  }
}
