package cx.niro.core.snapshot;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pod.
 *
 * @param nodeName null until it is scheduled
 * @param spec null when the agent leaves it out because a {@link Workload} of the same snapshot
 *     carries the template
 */
public record Pod(
    ObjectMeta meta, @Nullable String nodeName, @Nullable PodSpec spec, PodStatus status)
    implements Resource {
  @Override
  public Pod with(ObjectMeta next) {
    return new Pod(next, nodeName, spec, status);
  }

  @Override
  public Section section() {
    return Section.PODS;
  }

  /**
   * What the kubelet and the scheduler say.
   *
   * @param phase {@code Pending Running Succeeded Failed Unknown}; a phase is not health
   * @param startedAt epoch milliseconds of the cluster's clock
   */
  public record PodStatus(
      @Nullable String phase,
      @Nullable String reason,
      @Nullable @Text(max = 256) String message,
      List<Condition> conditions,
      @Nullable String qosClass,
      @Nullable Boolean podIpPresent,
      @Nullable Long startedAt,
      @Nullable Long deletionGraceSeconds,
      @Nullable String nominatedNodeName,
      List<ContainerStatus> initContainers,
      List<ContainerStatus> containers,
      List<ContainerStatus> ephemeralContainers) {

    public PodStatus {
      conditions = Copy.list(conditions);
      initContainers = Copy.list(initContainers);
      containers = Copy.list(containers);
      ephemeralContainers = Copy.list(ephemeralContainers);
    }
  }
}
