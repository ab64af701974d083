package cx.niro.server.internal;

import cx.niro.core.RetryLaterException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Work in the background that fails alone: nothing else stops when it throws. */
final class Work {
  private static final Logger LOG = LoggerFactory.getLogger(Work.class);

  private final Executor executor;
  private final Set<String> failing = ConcurrentHashMap.newKeySet();

  Work(Executor executor) {
    this.executor = executor;
  }

  /** False when the executor refuses it. */
  boolean run(String what, Runnable task) {
    try {
      executor.execute(() -> guarded(what, task));
      return true;
    } catch (RejectedExecutionException e) {
      LOG.warn("the executor refused: {}", what);
      return false;
    }
  }

  /** Logs the first failure of its kind and the end of the failing, not each one between. */
  void guarded(String what, Runnable task) {
    try {
      task.run();
      if (failing.remove(what)) {
        LOG.info("{} works again", what);
      }
    } catch (RuntimeException e) {
      if (failing.add(what)) {
        log(what, e);
      } else {
        LOG.debug("{} still fails", what, e);
      }
    }
  }

  private static void log(String what, RuntimeException e) {
    if (e instanceof RetryLaterException) {
      LOG.warn("{} failed and will be tried again: {}", what, e.getMessage());
    } else {
      LOG.error("{} failed", what, e);
    }
  }
}
