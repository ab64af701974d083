package cx.niro.server.internal.rest;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Epoch milliseconds of an agent as the REST API's instants. */
final class Instants {
  private static final long LAST_MILLIS = Instant.parse("9999-12-31T23:59:59Z").toEpochMilli();

  private Instants() {}

  /** Null for null and for what lies outside the years 1970 to 9999, which RFC 3339 cannot say. */
  static @Nullable Instant of(@Nullable Long millis) {
    return millis == null || millis < 0 || millis > LAST_MILLIS
        ? null
        : Instant.ofEpochMilli(millis);
  }
}
