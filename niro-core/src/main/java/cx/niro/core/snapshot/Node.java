package cx.niro.core.snapshot;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node. Its roles are its {@code node-role.kubernetes.io/…} labels.
 *
 * @param unschedulable whether it is cordoned; null means no
 * @param runningPods how many pods it runs, where the agent counts them
 */
public record Node(
    ObjectMeta meta,
    @Nullable Boolean unschedulable,
    List<Taint> taints,
    List<Condition> conditions,
    @Nullable NodeInfo info,
    @Nullable Resources capacity,
    @Nullable Resources allocatable,
    @Nullable Integer runningPods,
    @Nullable Resources requested)
    implements Resource {

  public Node {
    taints = Copy.list(taints);
    conditions = Copy.list(conditions);
  }

  /** A node of which only this is known. */
  public static Node of(String uid, String name, boolean ready) {
    Condition condition = new Condition("Ready", ready ? "True" : "False", null, null, null);
    ObjectMeta meta = ObjectMeta.of(uid, null, name, null);
    return new Node(meta, null, List.of(), List.of(condition), null, null, null, null, null);
  }

  @Override
  public Node with(ObjectMeta next) {
    return new Node(
        next,
        unschedulable,
        taints,
        conditions,
        info,
        capacity,
        allocatable,
        runningPods,
        requested);
  }

  @Override
  public Section section() {
    return Section.NODES;
  }

  /** A taint; {@code addedAt} in epoch milliseconds. */
  public record Taint(
      String key, @Nullable String value, @Nullable String effect, @Nullable Long addedAt) {}

  /** What runs on the node; {@code bootId} changes at each reboot. */
  public record NodeInfo(
      @Nullable String kubeletVersion,
      @Nullable String kernelVersion,
      @Nullable String osImage,
      @Nullable String operatingSystem,
      @Nullable String architecture,
      @Nullable String containerRuntimeVersion,
      @Nullable String bootId) {}
}
