package cx.niro.core.protocol;

import cx.niro.core.ErrorCode;
import cx.niro.core.snapshot.Text;

/**
 * Why a stream of log lines has ended.
 *
 * @param code {@link #FINISHED}, {@link #INTERRUPTED}, or an {@link ErrorCode#wireName()} such as
 *     {@code not_found}; others are to be treated as errors
 * @param reason for people
 */
public record LogEnd(
    @Token(min = 1, max = 64) String code, @Text(max = Limits.TEXT_CHARS) String reason) {
  /** All lines were sent. */
  public static final String FINISHED = "finished";

  /** The source broke off, and may go on when it is asked anew. */
  public static final String INTERRUPTED = "interrupted";

  /** An end with one of Niro's error codes. */
  public static LogEnd of(ErrorCode code, String reason) {
    return new LogEnd(code.wireName(), reason);
  }
}
