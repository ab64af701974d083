package cx.niro.server.spi;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What came of one attempt to send.
 *
 * @param why for people, without secrets; empty when it was sent
 * @param retryAfter how long the target wants to be left alone; null when it did not say
 */
public record Outcome(Kind kind, String why, @Nullable Duration retryAfter) {

  /** What to do next. */
  public enum Kind {
    SENT,
    RETRY,
    REFUSED
  }

  /** The target took it. */
  public static Outcome sent() {
    return new Outcome(Kind.SENT, "", null);
  }

  /** It may work later. */
  public static Outcome retry(String why, @Nullable Duration retryAfter) {
    return new Outcome(Kind.RETRY, why, retryAfter);
  }

  /** It will not work until somebody changes something. */
  public static Outcome refused(String why) {
    return new Outcome(Kind.REFUSED, why, null);
  }
}
