package cx.niro.agent.internal;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one after another, in order, on an executor that may have many threads and many lanes:
 * "one thread" for the state behind it. Once {@link #close} has returned, no task runs.
 */
final class Lane {
  private static final Logger log = LoggerFactory.getLogger(Lane.class);

  private final ScheduledExecutorService executor;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private volatile boolean closed;
  private volatile @Nullable Run current;

  private record Run(Thread thread, CountDownLatch done) {}

  /** Something to be done later; {@link #cancel} it from the lane and it will not run. */
  static final class Timer {
    private boolean cancelled;
    private @Nullable ScheduledFuture<?> future;

    void cancel() {
      cancelled = true;
      if (future != null) {
        future.cancel(false);
      }
    }
  }

  Lane(ScheduledExecutorService executor) {
    this.executor = executor;
  }

  /** Queues {@code task}; from any thread. Does nothing once closed. */
  void execute(Runnable task) {
    if (closed) {
      return;
    }
    tasks.add(task);
    if (waiting.getAndIncrement() == 0) {
      try {
        executor.execute(this::drain);
      } catch (RejectedExecutionException gone) {
        closed = true;
      }
    }
  }

  /** Queues {@code task} after {@code delay}; call it from the lane. */
  Timer schedule(Duration delay, Runnable task) {
    Timer timer = new Timer();
    Runnable onLane =
        () -> {
          if (!timer.cancelled) {
            task.run();
          }
        };
    try {
      timer.future =
          executor.schedule(() -> execute(onLane), delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException gone) {
      closed = true;
    }
    return timer;
  }

  private void drain() {
    do {
      Runnable task = tasks.poll();
      if (task != null) {
        run(task);
      }
    } while (waiting.decrementAndGet() > 0);
  }

  // Announces itself before it looks at closed, and close() sets closed before it looks for an
  // announced run: one of the two sees the other.
  private void run(Runnable task) {
    Run run = new Run(Thread.currentThread(), new CountDownLatch(1));
    current = run;
    try {
      if (!closed) {
        task.run();
      }
    } catch (RuntimeException | Error e) {
      log.error("A task of the agent failed; it goes on with the next", e);
    } finally {
      current = null;
      run.done.countDown();
    }
  }

  /**
   * Drops what is queued and waits up to {@code patience} for what runs, unless that is the caller.
   */
  void close(Duration patience) {
    closed = true;
    tasks.clear();
    Run run = current;
    if (run == null || run.thread == Thread.currentThread()) {
      return;
    }
    try {
      if (!run.done.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        log.warn("A task of the agent still runs {} after it was closed", patience);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
