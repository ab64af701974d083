package cx.niro.server.internal;

import java.util.concurrent.atomic.AtomicBoolean;

/** A timer's work on the executor: at most one run waits or goes on, however slow it is. */
final class Ticks implements Runnable {
  private final Work work;
  private final String what;
  private final Runnable task;
  private final AtomicBoolean handedOn = new AtomicBoolean();

  Ticks(Work work, String what, Runnable task) {
    this.work = work;
    this.what = what;
    this.task = task;
  }

  @Override
  public void run() {
    if (handedOn.compareAndSet(false, true) && !work.run(what, this::once)) {
      handedOn.set(false);
    }
  }

  private void once() {
    try {
      task.run();
    } finally {
      handedOn.set(false);
    }
  }
}
