package cx.niro.server.spi;

import cx.niro.core.snapshot.ClusterSnapshot;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes of manifests what an agent would report of the same objects, so that policies can judge
 * them. Called by any thread; does not block. The agent SDK's {@code KubernetesObjects} does it.
 */
@FunctionalInterface
public interface ManifestMapper {
  /**
   * A snapshot of the workloads among these objects; what it throws costs the findings and nothing
   * else.
   */
  ClusterSnapshot map(List<Map<String, @Nullable Object>> objects);
}
