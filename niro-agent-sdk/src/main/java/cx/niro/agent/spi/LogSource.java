package cx.niro.agent.spi;

import cx.niro.core.protocol.LogRequest;

/**
 * Where an agent's log lines come from. With one, an agent offers the capability {@code logs}.
 *
 * <p>Everything may be called by several threads at once.
 */
public interface LogSource {

  /**
   * Whether lines may be read now. Asked before every beat and for every stream; never blocks. True
   * unless said otherwise.
   */
  default boolean isGranted() {
    return true;
  }

  /**
   * Hands the lines over, oldest first, and returns when there are no more or when {@code out} is
   * stopped. Blocks as long as it takes, on a thread of its own; at most {@link
   * cx.niro.core.protocol.Protocol#STREAMS_LIMIT} at a time.
   *
   * @param request whose lines; the names in it come from a user and were not checked
   * @throws cx.niro.core.NiroException when there is no such log, or it may not be read; its code
   *     and message are shown to whoever asked
   * @throws java.io.IOException when the source broke off and may be asked again
   */
  void read(LogRequest request, LogOutput out) throws Exception;
}
