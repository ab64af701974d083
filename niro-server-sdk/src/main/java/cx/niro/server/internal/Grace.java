package cx.niro.server.internal;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** From when silence counts, if the server itself was away. */
final class Grace {
  /** The least time that agents get to be heard after a start or gap of the server. */
  static final Duration LEAST = Duration.ofSeconds(80);

  private Grace() {}

  /**
   * Silence begins with the last sign of life, yet never so early that a window would end before
   * max(window, 80 s) after the server began to listen.
   */
  static Instant silentSince(@Nullable Instant lastSign, Instant listeningSince, Duration window) {
    Duration extra = LEAST.minus(window);
    Instant start = extra.isNegative() ? listeningSince : listeningSince.plus(extra);
    return lastSign == null || lastSign.isBefore(start) ? start : lastSign;
  }
}
