package cx.niro.server.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import org.jspecify.annotations.Nullable;

/**
 * Which clusters' contents are open: those that change, as many as there is room for. One that has
 * to go is closed by whoever opens another. Safe from any thread.
 */
final class OpenContents {
  private final Cache<LiveCluster, ClusterContent> open;

  /**
   * @param bytes for all of them together, as {@link ClusterContent#weight} estimates them
   */
  OpenContents(long bytes) {
    this.open =
        Caffeine.newBuilder()
            .maximumWeight(bytes)
            .weigher((LiveCluster live, ClusterContent content) -> content.weight())
            .executor(Runnable::run)
            .evictionListener(OpenContents::evicted)
            .build();
  }

  /** The cluster's newest content, which is open and is not to stay so for ever. */
  void add(LiveCluster live, ClusterContent content) {
    open.put(live, content);
  }

  void forget(LiveCluster live) {
    open.invalidate(live);
  }

  private static void evicted(
      @Nullable LiveCluster live, @Nullable ClusterContent content, RemovalCause cause) {
    if (live != null && content != null) {
      content.close();
      live.forgetEvaluations();
    }
  }
}
