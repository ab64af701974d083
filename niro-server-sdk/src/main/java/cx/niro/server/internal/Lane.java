package cx.niro.server.internal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Puts the work for one cluster in the order of its arrival: each caller waits for the one before
 * it and runs its work on its own thread. Not reentrant, and nobody is in two lanes at once; so
 * nothing of a guest's is called inside: not a listener, and not what hangs on a future.
 */
final class Lane {
  private final AtomicReference<CompletableFuture<Boolean>> last =
      new AtomicReference<>(CompletableFuture.completedFuture(true));

  <T> T call(Supplier<T> work) {
    CompletableFuture<Boolean> mine = new CompletableFuture<>();
    CompletableFuture<Boolean> before = last.getAndSet(mine);
    before.join();
    try {
      return work.get();
    } finally {
      mine.complete(true);
    }
  }

  void run(Runnable work) {
    boolean done =
        call(
            () -> {
              work.run();
              return true;
            });
    assert done;
  }
}
