package cx.niro.core.snapshot;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Measured use of nodes and containers, in columns: entry i of each list belongs together. Only
 * figures that moved noticeably since they were last sent are listed, so a receiver keeps the older
 * ones.
 *
 * @param observedAt epoch milliseconds of the cluster's clock
 */
public record Usage(@Nullable Long observedAt, Columns nodes, Columns containers) {
  public static final Usage EMPTY = new Usage(null, Columns.EMPTY, Columns.EMPTY);

  @SuppressWarnings("ConstantValue")
  public Usage {
    nodes = nodes == null ? Columns.EMPTY : nodes;
    containers = containers == null ? Columns.EMPTY : containers;
  }

  /**
   * Parallel columns.
   *
   * @param uids of the node, or of the pod that the container runs in
   * @param names of the container; empty for nodes
   * @param memoryBytes the working set
   */
  public record Columns(
      List<String> uids, List<String> names, List<Long> cpuMillis, List<Long> memoryBytes) {
    public static final Columns EMPTY = new Columns(List.of(), List.of(), List.of(), List.of());

    public Columns {
      uids = Copy.list(uids);
      names = Copy.list(names);
      cpuMillis = Copy.list(cpuMillis);
      memoryBytes = Copy.list(memoryBytes);
    }
  }
}
