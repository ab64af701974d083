package cx.niro.app.scenario;

import static org.assertj.core.api.Assertions.fail;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for something that happens elsewhere, up to 30 seconds. */
final class Await {
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(30);

  private Await() {}

  static void until(String what, BooleanSupplier happened) {
    long end = System.nanoTime() + PATIENCE;
    while (!happened.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        fail("not within 30 s: " + what);
      }
      try {
        TimeUnit.MILLISECONDS.sleep(20);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
