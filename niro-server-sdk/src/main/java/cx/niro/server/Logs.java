package cx.niro.server;

import cx.niro.core.ClusterId;
import cx.niro.core.protocol.LogRequest;
import java.util.concurrent.CompletionStage;

/**
 * Shows log lines of pods while they are written; nothing of them is stored. Safe from any thread.
 */
public interface Logs {
  /** How many may look at the same time; one more is {@code overloaded}. */
  int VIEWERS_LIMIT = 1_000;

  /**
   * Asks the cluster's agent for lines. Completes on the server's executor when the first answer is
   * there, within 10 s, or exceptionally with {@code capability_missing}, {@code not_found} (no
   * such cluster, pod or container), {@code invalid_field}, {@code forbidden}, {@code
   * stream_unreachable} (the agent is offline or does not begin), {@code too_many_requests} or
   * {@code overloaded}. May block for a moment.
   *
   * <p>Those who ask for the same and follow share one stream; who comes later begins with the last
   * lines that the others were shown.
   */
  CompletionStage<View> open(ClusterId cluster, LogRequest request);

  /** What one viewer has open; ended when it is not started within 30 s. */
  interface View extends AutoCloseable {
    /** Hands over what has come and what comes; once. */
    void start(LogViewer viewer);

    /** Nobody looks any more; any number of times. */
    @Override
    void close();
  }
}
