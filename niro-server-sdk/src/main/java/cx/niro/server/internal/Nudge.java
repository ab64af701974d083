package cx.niro.server.internal;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs a task on the executor after each call: once for all that came while it ran, and then not
 * before {@link #PAUSE} has gone by.
 */
final class Nudge implements Runnable {
  private static final Duration PAUSE = Duration.ofMillis(25);

  private final Platform platform;
  private final Work work;
  private final String what;
  private final Runnable task;
  private final AtomicInteger wanted = new AtomicInteger();

  Nudge(Platform platform, Work work, String what, Runnable task) {
    this.platform = platform;
    this.work = work;
    this.what = what;
    this.task = task;
  }

  /** Never blocks. */
  @Override
  public void run() {
    if (wanted.getAndIncrement() == 0) {
      begin();
    }
  }

  private void begin() {
    if (!work.run(what, this::once)) {
      wanted.set(0);
    }
  }

  private void once() {
    int asked = wanted.get();
    try {
      task.run();
    } finally {
      if (!wanted.compareAndSet(asked, 0)) {
        wanted.set(1);
        beginLater();
      }
    }
  }

  private void beginLater() {
    try {
      var unused =
          platform.scheduler().schedule(this::begin, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      wanted.set(0);
    }
  }
}
