package cx.niro.agent.internal;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** The one place that touches the machine's clock, its randomness and its threads. */
public final class SystemTime {
  private SystemTime() {}

  public static InstantSource clock() {
    return InstantSource.system();
  }

  public static LongSupplier nanos() {
    return System::nanoTime;
  }

  public static RandomGenerator random() {
    return new SecureRandom();
  }

  /** Daemon threads with timers; a cancelled timer is forgotten at once. */
  public static ScheduledExecutorService scheduler(String name, int threads) {
    ScheduledThreadPoolExecutor executor =
        new ScheduledThreadPoolExecutor(threads, daemons(name, threads > 1));
    executor.setRemoveOnCancelPolicy(true);
    return executor;
  }

  /** As many daemon threads as there is work; idle ones end after a minute. */
  public static ExecutorService threads(String name) {
    return Executors.newCachedThreadPool(daemons(name, true));
  }

  private static ThreadFactory daemons(String name, boolean numbered) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      int number = count.incrementAndGet();
      Thread thread = new Thread(task, numbered ? name + "-" + number : name);
      thread.setDaemon(true);
      return thread;
    };
  }
}
