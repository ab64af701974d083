package cx.niro.app.bench;

import cx.niro.app.bench.PlainClient.Answer;
import cx.niro.app.bench.PlainClient.Call;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** What the measuring programs do before they measure. */
final class BenchFleet {
  private BenchFleet() {}

  /** Adds a cluster; its enrollment token. */
  static String token(PlainClient client, String name) {
    String body = "{\"name\":\"" + name + "\"}";
    Answer made =
        client
            .untilAnswered(
                Call.post("/api/v1/clusters", ServerProcess.ADMIN_TOKEN, body), () -> false)
            .orElseThrow();
    if (!made.ok()) {
      throw new IllegalStateException(made.toString());
    }
    return made.text("enrollment", "token");
  }

  /** Waits for what other threads and processes do. */
  static void await(String what, Duration limit, BooleanSupplier condition) {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException(what + " did not happen within " + limit);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
  }
}
