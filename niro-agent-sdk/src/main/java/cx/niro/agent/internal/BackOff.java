package cx.niro.agent.internal;

import cx.niro.core.protocol.Protocol;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long to wait, as pure functions of what happened and a drawn number from 0 to 1. Jitter is
 * what keeps a fleet that lost its server together from coming back together.
 */
final class BackOff {
  static final Duration SHORTEST = Duration.ofSeconds(1);
  static final Duration LONGEST = Duration.ofSeconds(60);
  static final Duration RETRY_AFTER_SPREAD = Duration.ofSeconds(30);
  static final Duration RESEND_FROM = Duration.ofSeconds(2);
  static final Duration RESEND_TO = Duration.ofSeconds(4);

  /** The pace of an agent that was refused for good. */
  static final Duration REFUSED = Duration.ofMinutes(15);

  private BackOff() {}

  /**
   * The wait before the next try after {@code failures} failures in a row: from 1 s to a ceiling
   * that doubles from 2 s to 60 s, the first one drawn as well. What the server asked for comes
   * first, with up to as much again, at most 30 s, on top.
   */
  static Duration wait(int failures, @Nullable Duration retryAfter, double drawn) {
    if (retryAfter != null) {
      Duration asked = atMost(retryAfter, REFUSED);
      return asked.plus(fraction(atMost(asked, RETRY_AFTER_SPREAD), drawn));
    }
    Duration ceiling = atMost(SHORTEST.multipliedBy(1L << Math.min(failures, 6)), LONGEST);
    return SHORTEST.plus(fraction(ceiling.minus(SHORTEST), drawn));
  }

  /** The wait before a beat that failed is sent once more. */
  static Duration resend(double drawn) {
    return RESEND_FROM.plus(fraction(RESEND_TO.minus(RESEND_FROM), drawn));
  }

  /** The wait of an agent that was refused, drawn a tenth apart to both sides. */
  static Duration refused(double drawn) {
    return around(REFUSED, drawn);
  }

  /** {@code span}, a tenth apart to both sides. */
  static Duration around(Duration span, double drawn) {
    return fraction(span, 1 + Protocol.HEARTBEAT_JITTER * (2 * drawn - 1));
  }

  private static Duration fraction(Duration span, double part) {
    return Duration.ofNanos((long) (span.toNanos() * part));
  }

  private static Duration atMost(Duration value, Duration limit) {
    return value.compareTo(limit) <= 0 ? value : limit;
  }
}
