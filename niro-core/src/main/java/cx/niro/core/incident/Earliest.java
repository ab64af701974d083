package cx.niro.core.incident;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The earlier of two instants, where null is never. */
final class Earliest {
  private Earliest() {}

  static @Nullable Instant of(@Nullable Instant a, @Nullable Instant b) {
    return a == null ? b : b == null || a.isBefore(b) ? a : b;
  }
}
