package cx.niro.server.internal;

import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Usage;
import cx.niro.core.snapshot.Usage.Columns;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Merges the few figures of a beat into all that are known. */
final class UsageFigures {
  private record Key(String uid, String name) {}

  private record Figures(Long cpuMillis, Long memoryBytes) {}

  private UsageFigures() {}

  static Usage merge(Usage known, @Nullable Usage moved) {
    if (moved == null) {
      return known;
    }
    Long observedAt = moved.observedAt() == null ? known.observedAt() : moved.observedAt();
    return new Usage(
        observedAt,
        merge(known.nodes(), moved.nodes()),
        merge(known.containers(), moved.containers()));
  }

  /** Drops figures of what is gone. */
  static Usage prune(Usage known, ClusterSnapshot snapshot) {
    Set<String> alive = new HashSet<>();
    snapshot.objects().nodes().forEach(node -> alive.add(node.meta().uid()));
    snapshot.objects().pods().forEach(pod -> alive.add(pod.meta().uid()));
    return new Usage(
        known.observedAt(), alive(known.nodes(), alive), alive(known.containers(), alive));
  }

  private static Columns alive(Columns known, Set<String> alive) {
    if (alive.containsAll(known.uids())) {
      return known;
    }
    Map<Key, Figures> left = read(known);
    left.keySet().removeIf(key -> !alive.contains(key.uid()));
    return columns(left);
  }

  /** What is told anew stands where it stood; a whole beat mostly names the same in one order. */
  private static Columns merge(Columns known, Columns moved) {
    if (moved.uids().isEmpty()) {
      return known;
    }
    if (isWhole(moved)
        && moved.uids().equals(known.uids())
        && moved.names().equals(known.names())) {
      return moved;
    }
    Map<Key, Figures> merged = read(known);
    merged.putAll(read(moved));
    return columns(merged);
  }

  private static boolean isWhole(Columns columns) {
    return columns.cpuMillis().size() == columns.uids().size()
        && columns.memoryBytes().size() == columns.uids().size();
  }

  private static Columns columns(Map<Key, Figures> rows) {
    List<String> uids = new ArrayList<>(rows.size());
    List<String> names = new ArrayList<>(rows.size());
    List<Long> cpu = new ArrayList<>(rows.size());
    List<Long> memory = new ArrayList<>(rows.size());
    boolean named = rows.keySet().stream().anyMatch(key -> !key.name().isEmpty());
    rows.forEach(
        (key, figures) -> {
          uids.add(key.uid());
          cpu.add(figures.cpuMillis());
          memory.add(figures.memoryBytes());
          if (named) {
            names.add(key.name());
          }
        });
    return new Columns(uids, names, cpu, memory);
  }

  /** Columns of different lengths come from a broken agent: what has no partner is left out. */
  private static Map<Key, Figures> read(Columns columns) {
    Map<Key, Figures> rows = new LinkedHashMap<>();
    int whole =
        Math.min(
            columns.uids().size(),
            Math.min(columns.cpuMillis().size(), columns.memoryBytes().size()));
    for (int i = 0; i < whole; i++) {
      String name = i < columns.names().size() ? columns.names().get(i) : "";
      rows.put(
          new Key(columns.uids().get(i), name),
          new Figures(columns.cpuMillis().get(i), columns.memoryBytes().get(i)));
    }
    return rows;
  }
}
