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
        merge(known.nodes(), moved.nodes(), null),
        merge(known.containers(), moved.containers(), null));
  }

  /** Drops figures of what is gone. */
  static Usage prune(Usage known, ClusterSnapshot snapshot) {
    Set<String> alive = new HashSet<>();
    snapshot.objects().nodes().forEach(node -> alive.add(node.meta().uid()));
    snapshot.objects().pods().forEach(pod -> alive.add(pod.meta().uid()));
    return new Usage(
        known.observedAt(),
        merge(known.nodes(), Columns.EMPTY, alive),
        merge(known.containers(), Columns.EMPTY, alive));
  }

  private static Columns merge(Columns known, Columns moved, @Nullable Set<String> alive) {
    if (moved.uids().isEmpty() && (alive == null || alive.containsAll(known.uids()))) {
      return known;
    }
    Map<Key, Figures> merged = new LinkedHashMap<>();
    read(known, merged);
    read(moved, merged);
    List<String> uids = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<Long> cpu = new ArrayList<>();
    List<Long> memory = new ArrayList<>();
    boolean named = !known.names().isEmpty() || !moved.names().isEmpty();
    merged.forEach(
        (key, figures) -> {
          if (alive == null || alive.contains(key.uid())) {
            uids.add(key.uid());
            cpu.add(figures.cpuMillis());
            memory.add(figures.memoryBytes());
            if (named) {
              names.add(key.name());
            }
          }
        });
    return new Columns(uids, names, cpu, memory);
  }

  /** Columns of different lengths come from a broken agent: what has no partner is left out. */
  private static void read(Columns columns, Map<Key, Figures> into) {
    int rows =
        Math.min(
            columns.uids().size(),
            Math.min(columns.cpuMillis().size(), columns.memoryBytes().size()));
    for (int i = 0; i < rows; i++) {
      String name = i < columns.names().size() ? columns.names().get(i) : "";
      into.put(
          new Key(columns.uids().get(i), name),
          new Figures(columns.cpuMillis().get(i), columns.memoryBytes().get(i)));
    }
  }
}
