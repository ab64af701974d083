package cx.niro.app;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/** The one door to the machine's clocks, threads and chance; everything else is handed them. */
public final class SystemTime {
  /** Wall time of this machine. */
  public static final InstantSource CLOCK = InstantSource.system();

  /** Elapsed time of this machine. */
  public static final LongSupplier NANOS = System::nanoTime;

  /** For secrets and for spreading. */
  public static final SecureRandom RANDOM = new SecureRandom();

  private SystemTime() {}

  /** Waits; an interrupt ends the wait early and stays set. */
  public static void sleep(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Daemon threads with a name and a number. */
  public static ThreadFactory daemons(String name) {
    AtomicInteger number = new AtomicInteger();
    return work -> {
      Thread thread = new Thread(work, name + "-" + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  /** Runs {@code work} when the process is asked to end. */
  public static void onShutdown(String name, Runnable work) {
    Runtime.getRuntime().addShutdownHook(new Thread(work, name));
  }
}
