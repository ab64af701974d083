package cx.niro.server.jdbc;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Group commit: one forced write serves everyone who committed before it began, so that durability
 * costs one fsync for each batch of concurrent transactions and not for each transaction.
 */
final class CommitSync {
  private final Runnable force;
  private final Object lock = new Object();
  private @Nullable CompletableFuture<Void> running;
  private @Nullable CompletableFuture<Void> gathering;

  CommitSync(Runnable force) {
    this.force = force;
  }

  /**
   * Returns when a forced write that began after this call has ended; throws what the write threw.
   */
  void await() {
    CompletableFuture<Void> fresh = new CompletableFuture<>();
    CompletableFuture<Void> batch;
    CompletableFuture<Void> before;
    synchronized (lock) {
      batch = gathering == null ? fresh : gathering;
      gathering = batch;
      before = running;
    }
    if (batch == fresh) {
      lead(batch, before);
    }
    join(batch);
  }

  private void lead(CompletableFuture<Void> batch, @Nullable CompletableFuture<Void> before) {
    if (before != null) {
      before.exceptionally(failed -> null).join();
    }
    synchronized (lock) {
      running = batch;
      gathering = null;
    }
    try {
      force.run();
      batch.complete(null);
    } catch (RuntimeException | Error e) {
      batch.completeExceptionally(e);
    }
  }

  private static void join(CompletableFuture<Void> batch) {
    try {
      batch.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }
}
