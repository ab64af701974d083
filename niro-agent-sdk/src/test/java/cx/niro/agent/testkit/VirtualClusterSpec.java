package cx.niro.agent.testkit;

import java.util.ArrayList;
import java.util.List;

/**
 * What a {@link VirtualCluster} is like.
 *
 * @param churn how likely a beat is to carry a change, from 0 to 1: a pod that was replaced
 */
public record VirtualClusterSpec(int nodes, int pods, double churn, List<VirtualTrouble> troubles) {
  public VirtualClusterSpec {
    troubles = List.copyOf(troubles);
    if (nodes < 1 || pods < 0 || churn < 0 || churn > 1) {
      throw new IllegalArgumentException(
          "nodes must be at least 1, pods at least 0 and churn 0 to 1, but were "
              + List.of(nodes, pods, churn));
    }
  }

  /** A healthy and quiet cluster. */
  public static VirtualClusterSpec of(int nodes, int pods) {
    return new VirtualClusterSpec(nodes, pods, 0, List.of());
  }

  public VirtualClusterSpec withChurn(double share) {
    return new VirtualClusterSpec(nodes, pods, share, troubles);
  }

  public VirtualClusterSpec with(VirtualTrouble trouble) {
    List<VirtualTrouble> more = new ArrayList<>(troubles);
    more.add(trouble);
    return new VirtualClusterSpec(nodes, pods, churn, more);
  }
}
