package cx.niro.core.incident;

import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Node;
import cx.niro.core.snapshot.Resources;
import cx.niro.core.snapshot.Usage;
import cx.niro.core.snapshot.Usage.Columns;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How much of what they can give to pods the nodes are using, by uid; a node that nobody measured
 * is not there. Memory is the working set, which has no page cache in it. Figures travel when they
 * moved by 5 %, so the percentages are right within that.
 */
public record NodeLoads(Map<String, Load> byUid) {
  /** Nobody measured anything. */
  public static final NodeLoads NONE = new NodeLoads(Map.of());

  public NodeLoads {
    byUid = Map.copyOf(byUid);
  }

  /** Used of allocatable; null when the node does not say what is allocatable. */
  public record Load(@Nullable Integer cpuPercent, @Nullable Integer memoryPercent) {}

  /** The loads of the snapshot's nodes by the newest figures known. */
  public static NodeLoads of(Usage usage, ClusterSnapshot snapshot) {
    return of(usage, allocatable(snapshot));
  }

  /** What the snapshot's nodes can give to pods, by uid; those that do not say are not there. */
  public static Map<String, Resources> allocatable(ClusterSnapshot snapshot) {
    Map<String, Resources> byUid = new HashMap<>();
    for (Node node : snapshot.objects().nodes()) {
      Resources allocatable = node.allocatable();
      if (allocatable != null) {
        byUid.put(node.meta().uid(), allocatable);
      }
    }
    return Map.copyOf(byUid);
  }

  /**
   * The same without a snapshot.
   *
   * @param allocatable as {@link #allocatable} returns it
   */
  public static NodeLoads of(Usage usage, Map<String, Resources> allocatable) {
    Columns figures = usage.nodes();
    Map<String, Load> loads = new HashMap<>();
    for (int row = 0; row < figures.uids().size(); row++) {
      Resources given = allocatable.get(figures.uids().get(row));
      if (given != null) {
        Load load =
            new Load(
                percent(figures.cpuMillis(), row, given.cpuMillis()),
                percent(figures.memoryBytes(), row, given.memoryBytes()));
        loads.put(figures.uids().get(row), load);
      }
    }
    return loads.isEmpty() ? NONE : new NodeLoads(loads);
  }

  /** Columns of different lengths come from a broken agent: a missing figure is none. */
  private static @Nullable Integer percent(List<Long> used, int row, @Nullable Long allocatable) {
    return row >= used.size() || allocatable == null || allocatable <= 0
        ? null
        : (int) (100.0 * used.get(row) / allocatable);
  }
}
