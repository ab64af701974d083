package cx.niro.server.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Which clusters' contents are open: those that change most often and were opened lately, as many
 * as there is room for. One that has to go is closed by whoever opens another, and that may be the
 * new one. Safe from any thread.
 */
final class OpenContents {
  private final Cache<LiveCluster, ClusterContent> open;

  /** Those that have to go: closing one may encode it, which no lock of the cache waits for. */
  private final Queue<Runnable> leaving = new ConcurrentLinkedQueue<>();

  /**
   * @param bytes for all of them together, as {@link ClusterContent#weight} estimates them
   */
  OpenContents(long bytes) {
    this.open =
        Caffeine.newBuilder()
            .maximumWeight(bytes)
            .weigher((LiveCluster live, ClusterContent content) -> content.weight())
            .executor(Runnable::run)
            .evictionListener(this::evicted)
            .build();
  }

  /** The cluster's newest content, which is open and is not to stay so for ever. */
  void add(LiveCluster live, ClusterContent content) {
    open.put(live, content);
    for (Runnable next = leaving.poll(); next != null; next = leaving.poll()) {
      next.run();
    }
  }

  void forget(LiveCluster live) {
    open.invalidate(live);
  }

  private void evicted(
      @Nullable LiveCluster live, @Nullable ClusterContent content, RemovalCause cause) {
    if (live != null && content != null) {
      leaving.add(
          () -> {
            content.close();
            live.forgetEvaluations();
          });
    }
  }
}
