package cx.niro.agent.spi;

import java.time.Duration;

/**
 * Takes the lines of one stream. Bounded: while the server is slow, lines that are followed are
 * dropped and counted, and others make the caller wait. Safe for use by any thread.
 */
public interface LogOutput {

  /**
   * Hands over one line without its line feed; one over {@link
   * cx.niro.core.protocol.Limits#LOG_LINE_CHARS} is cut.
   *
   * @return false when nobody reads any more, and {@link LogSource#read} should return
   */
  boolean line(String text);

  /** Whether nobody reads any more. */
  boolean isStopped();

  /** Waits until nobody reads any more, at most so long; true when that is so. */
  boolean awaitStop(Duration atMost);

  /**
   * Runs {@code action} once when nobody reads any more, at once if that is so already; on a thread
   * of the agent, so it must not block.
   */
  void onStop(Runnable action);
}
