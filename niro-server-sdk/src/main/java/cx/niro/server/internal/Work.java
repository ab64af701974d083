package cx.niro.server.internal;

import cx.niro.core.RetryLaterException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Work in the background that fails alone: what it throws is logged and nothing else stops. */
final class Work {
  private static final Logger LOG = LoggerFactory.getLogger(Work.class);

  private final Executor executor;

  Work(Executor executor) {
    this.executor = executor;
  }

  void run(String what, Runnable task) {
    try {
      executor.execute(() -> guarded(what, task));
    } catch (RejectedExecutionException e) {
      LOG.warn("the executor refused: {}", what);
    }
  }

  static void guarded(String what, Runnable task) {
    try {
      task.run();
    } catch (RetryLaterException e) {
      LOG.warn("{} will be tried again: {}", what, e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("{} failed", what, e);
    }
  }
}
