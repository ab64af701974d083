package cx.niro.server.memory;

import cx.niro.core.BootId;
import cx.niro.core.ClusterId;
import cx.niro.server.spi.SessionRow;
import cx.niro.server.spi.SessionStore;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

final class MemorySessions implements SessionStore {
  private static final int BOOTS_KEPT = 100;

  private final MemoryClusters clusters;
  private final JournaledMap<ClusterId, SessionRow, Map<ClusterId, SessionRow>> rows;
  private final JournaledMap<ClusterId, Map<BootId, Long>, Map<ClusterId, Map<BootId, Long>>>
      generations;

  MemorySessions(Journal journal, MemoryClusters clusters) {
    this.clusters = clusters;
    rows = new JournaledMap<>(journal, new HashMap<>());
    generations = new JournaledMap<>(journal, new HashMap<>());
  }

  @Override
  public Optional<SessionRow> find(ClusterId cluster) {
    return Optional.ofNullable(rows.get(cluster));
  }

  @Override
  public boolean save(SessionRow next) {
    SessionRow stored = rows.get(next.cluster());
    long version = stored == null ? 0 : stored.version();
    if (!clusters.has(next.cluster())
        || version != next.version() - 1
        || (stored != null && isNewer(stored, next))) {
      return false;
    }
    rows.put(next.cluster(), next);
    remember(next.cluster(), next.bootId(), next.bootGeneration());
    return true;
  }

  private static boolean isNewer(SessionRow stored, SessionRow next) {
    return stored.bootGeneration() > next.bootGeneration()
        || (stored.bootGeneration() == next.bootGeneration()
            && stored.sequence() > next.sequence());
  }

  private void remember(ClusterId cluster, @Nullable BootId bootId, long generation) {
    Map<BootId, Long> known = generations.view().getOrDefault(cluster, Map.of());
    if (bootId == null || known.containsKey(bootId)) {
      return;
    }
    Map<BootId, Long> more = new LinkedHashMap<>(known);
    more.put(bootId, generation);
    if (more.size() > BOOTS_KEPT) {
      more.remove(more.keySet().iterator().next());
    }
    generations.put(cluster, more);
  }

  @Override
  public OptionalLong generation(ClusterId cluster, BootId bootId) {
    Long generation = generations.view().getOrDefault(cluster, Map.of()).get(bootId);
    return generation == null ? OptionalLong.empty() : OptionalLong.of(generation);
  }

  void forget(ClusterId cluster) {
    rows.remove(cluster);
    generations.remove(cluster);
  }
}
