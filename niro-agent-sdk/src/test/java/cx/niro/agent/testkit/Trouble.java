package cx.niro.agent.testkit;

import cx.niro.core.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link FakeServer} does to one request instead of answering it as usual.
 *
 * @param error the refusal; null when the answer, or the request, is lost
 * @param retryAfterSeconds sent with the refusal
 * @param processed whether the request has its effect before the answer is lost
 */
public record Trouble(
    @Nullable ErrorCode error, @Nullable Integer retryAfterSeconds, boolean processed) {

  /** Answers with a problem document; the request has no effect. */
  public static Trouble refuse(ErrorCode error) {
    return new Trouble(error, null, false);
  }

  /** The same, with a {@code Retry-After}. */
  public static Trouble refuse(ErrorCode error, int retryAfterSeconds) {
    return new Trouble(error, retryAfterSeconds, false);
  }

  /** The request has its effect, and the connection ends without an answer. */
  public static Trouble loseAnswer() {
    return new Trouble(null, null, true);
  }

  /** The connection ends before the request has any effect. */
  public static Trouble loseRequest() {
    return new Trouble(null, null, false);
  }
}
