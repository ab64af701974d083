package cx.niro.server.internal;

import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Time, chance and threads, as the embedder or {@link SystemTime} gives them.
 *
 * @param scheduler for timers only; work that blocks is handed on to {@code executor}
 * @param senders for notifications, each of which may wait for its target for 10 seconds
 * @param owned closes what the platform made itself
 */
public record Platform(
    StoreClock clock,
    LongSupplier nanos,
    RandomGenerator random,
    Executor executor,
    ScheduledExecutorService scheduler,
    Executor senders,
    Runnable owned) {

  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int ID_CHARS = 20;

  public Instant now() {
    return clock.instant();
  }

  /** A new id, about 119 random bits. */
  public String newId() {
    StringBuilder id = new StringBuilder(ID_CHARS);
    for (int i = 0; i < ID_CHARS; i++) {
      id.append(DIGITS.charAt(random.nextInt(DIGITS.length())));
    }
    return id.toString();
  }
}
