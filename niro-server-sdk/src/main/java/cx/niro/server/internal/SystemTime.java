package cx.niro.server.internal;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place that reads the machine's clocks and makes threads. */
public final class SystemTime {
  public static final InstantSource CLOCK = InstantSource.system();
  public static final LongSupplier NANOS = System::nanoTime;
  private static final Logger LOG = LoggerFactory.getLogger(SystemTime.class);

  /** Two more than requests are worked on at a time by default: those read and write as well. */
  private static final int WORKERS = 10;

  private static final int LAST_SECONDS = 5;
  private static final int IDLE_SECONDS = 10;

  private SystemTime() {}

  /** The platform with what is given, and daemon threads for what is not. */
  public static Platform of(
      InstantSource clock,
      LongSupplier nanos,
      RandomGenerator random,
      @Nullable Executor executor,
      @Nullable ScheduledExecutorService scheduler) {
    List<ExecutorService> own = new ArrayList<>();
    Executor workers = executor;
    if (workers == null) {
      ExecutorService made = Executors.newFixedThreadPool(WORKERS, daemons("niro-worker-"));
      own.add(made);
      workers = made;
    }
    ScheduledExecutorService timers = scheduler;
    if (timers == null) {
      timers = Executors.newSingleThreadScheduledExecutor(daemons("niro-timer-"));
      own.add(timers);
    }
    Executor senders = executor;
    if (senders == null) {
      ExecutorService made = senders();
      own.add(made);
      senders = made;
    }
    return new Platform(
        new StoreClock(clock, nanos),
        nanos,
        random,
        workers,
        timers,
        senders,
        () -> own.forEach(SystemTime::end));
  }

  /** A thread for each message on its way, none when there is nothing to send. */
  private static ExecutorService senders() {
    return new ThreadPoolExecutor(
        0,
        Integer.MAX_VALUE,
        IDLE_SECONDS,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        daemons("niro-notify-"));
  }

  /**
   * Lets running work end: an interrupt in the middle of a write can break an embedded database.
   */
  private static void end(ExecutorService executor) {
    executor.shutdown();
    try {
      if (!executor.awaitTermination(LAST_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("work still runs {} s after the server was closed", LAST_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Starts a thread for work that waits for something outside until it is told to end. */
  public static void daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private static ThreadFactory daemons(String prefix) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, prefix + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }
}
