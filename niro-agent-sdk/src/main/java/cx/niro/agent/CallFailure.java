package cx.niro.agent;

import cx.niro.core.ErrorCode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One call to the server that did not succeed.
 *
 * @param path of the route
 * @param status of the HTTP answer, 0 when there was none
 * @param code of the server's problem document; {@link #UNREACHABLE} or {@link #TIMEOUT} when there
 *     was no answer, {@link #UNREADABLE} when it was not one of a Niro server
 * @param message for people
 * @param retryAfter what the server asked for, null when it did not
 */
public record CallFailure(
    String path, int status, String code, String message, @Nullable Duration retryAfter) {
  public static final String UNREACHABLE = "unreachable";
  public static final String TIMEOUT = "timeout";
  public static final String UNREADABLE = "unreadable_answer";

  /** Whether it is the given error of the protocol. */
  public boolean is(ErrorCode error) {
    return error.wireName().equals(code);
  }

  /** For logs: route, status, code and message. */
  @Override
  public String toString() {
    return path + ": " + (status == 0 ? "" : status + " ") + code + ": " + message;
  }
}
