package cx.niro.server.internal.outbox;

import cx.niro.server.spi.DeliveryRow;
import cx.niro.server.spi.DeliveryRow.Progress;
import cx.niro.server.spi.DeliveryRow.State;
import cx.niro.server.spi.Outcome;
import java.time.Duration;
import java.time.Instant;

/**
 * How a delivery goes on after an attempt: 5 s, doubled up to 15 min, half of it drawn; longer when
 * the target asks for it, an hour at most.
 */
final class Backoff {
  static final int ATTEMPTS = 100;
  private static final Duration FIRST = Duration.ofSeconds(5);
  private static final Duration LONGEST = Duration.ofMinutes(15);
  private static final Duration LONGEST_ASKED = Duration.ofHours(1);
  private static final int DOUBLINGS = 8;

  private Backoff() {}

  /**
   * @param drawn 0 to 1
   */
  static DeliveryRow after(DeliveryRow row, Outcome outcome, Instant now, double drawn) {
    int attempts = row.progress().attempts() + 1;
    if (outcome.kind() == Outcome.Kind.SENT) {
      return row.with(new Progress(State.SENT, attempts, now, now, row.progress().lastError()));
    }
    Instant next = now.plus(delay(attempts, outcome, drawn));
    boolean dead =
        outcome.kind() == Outcome.Kind.REFUSED
            || attempts >= ATTEMPTS
            || !next.isBefore(row.giveUpAt());
    return row.with(
        dead
            ? new Progress(State.DEAD, attempts, now, now, outcome.why())
            : new Progress(State.PENDING, attempts, next, null, outcome.why()));
  }

  private static Duration delay(int attempts, Outcome outcome, double drawn) {
    Duration doubled = FIRST.multipliedBy(1L << Math.min(attempts - 1, DOUBLINGS));
    long millis = Math.min(doubled.toMillis(), LONGEST.toMillis());
    Duration own = Duration.ofMillis((long) (millis * (0.5 + drawn / 2)));
    Duration asked = outcome.retryAfter();
    if (asked == null || asked.compareTo(own) <= 0) {
      return own;
    }
    return asked.compareTo(LONGEST_ASKED) < 0 ? asked : LONGEST_ASKED;
  }
}
