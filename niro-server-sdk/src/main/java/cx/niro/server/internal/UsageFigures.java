package cx.niro.server.internal;

import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Usage;
import cx.niro.core.snapshot.Usage.Columns;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Merges the few figures of a beat into all that are known. */
final class UsageFigures {
  /** Looked up for each container of each beat: what would be generated goes by method handles. */
  private record Key(String uid, String name) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key that && uid.equals(that.uid) && name.equals(that.name);
    }

    @Override
    public int hashCode() {
      return 31 * uid.hashCode() + name.hashCode();
    }
  }

  /** In the order in which they were told first; what is told anew stands where it stood. */
  private static final class Rows {
    private final Map<Key, Integer> places = new HashMap<>();
    private final List<String> uids = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private final List<Long> cpu = new ArrayList<>();
    private final List<Long> memory = new ArrayList<>();
    private boolean named;

    /** Columns of different lengths come from a broken agent: what has no partner is left out. */
    Rows with(Columns told, Predicate<String> wanted) {
      int whole =
          Math.min(
              told.uids().size(), Math.min(told.cpuMillis().size(), told.memoryBytes().size()));
      for (int i = 0; i < whole; i++) {
        if (wanted.test(told.uids().get(i))) {
          put(told, i);
        }
      }
      return this;
    }

    private void put(Columns told, int i) {
      String uid = told.uids().get(i);
      String name = i < told.names().size() ? told.names().get(i) : "";
      Integer place = places.putIfAbsent(new Key(uid, name), uids.size());
      if (place != null) {
        cpu.set(place, told.cpuMillis().get(i));
        memory.set(place, told.memoryBytes().get(i));
        return;
      }
      uids.add(uid);
      names.add(name);
      cpu.add(told.cpuMillis().get(i));
      memory.add(told.memoryBytes().get(i));
      named |= !name.isEmpty();
    }

    Columns columns() {
      return new Columns(uids, named ? names : List.of(), cpu, memory);
    }
  }

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
    return new Rows().with(known, alive::contains).columns();
  }

  /** A whole beat mostly names the same in one order. */
  private static Columns merge(Columns known, Columns moved) {
    if (moved.uids().isEmpty()) {
      return known;
    }
    if (isWhole(moved)
        && moved.uids().equals(known.uids())
        && moved.names().equals(known.names())) {
      return moved;
    }
    return new Rows().with(known, uid -> true).with(moved, uid -> true).columns();
  }

  private static boolean isWhole(Columns columns) {
    return columns.cpuMillis().size() == columns.uids().size()
        && columns.memoryBytes().size() == columns.uids().size();
  }
}
