package cx.niro.app.scenario;

import static org.assertj.core.api.Assertions.fail;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for something that happens elsewhere, for a minute where nothing else is said. */
final class Await {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private Await() {}

  static void until(String what, BooleanSupplier happened) {
    within(PATIENCE, what, happened);
  }

  static void within(Duration patience, String what, BooleanSupplier happened) {
    long end = System.nanoTime() + patience.toNanos();
    while (!happened.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        fail("not within " + patience.toSeconds() + " s: " + what);
      }
      try {
        TimeUnit.MILLISECONDS.sleep(20);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
