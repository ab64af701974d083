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
    Columns figures = usage.nodes();
    Map<String, Integer> rows = new HashMap<>();
    for (int i = 0; i < figures.uids().size(); i++) {
      rows.put(figures.uids().get(i), i);
    }
    Map<String, Load> loads = new HashMap<>();
    for (Node node : rows.isEmpty() ? List.<Node>of() : snapshot.objects().nodes()) {
      Integer row = rows.get(node.meta().uid());
      Resources allocatable = node.allocatable();
      if (row != null && allocatable != null) {
        Load load =
            new Load(
                percent(figures.cpuMillis(), row, allocatable.cpuMillis()),
                percent(figures.memoryBytes(), row, allocatable.memoryBytes()));
        loads.put(node.meta().uid(), load);
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
