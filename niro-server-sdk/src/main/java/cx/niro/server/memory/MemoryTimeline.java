package cx.niro.server.memory;

import cx.niro.core.ClusterId;
import cx.niro.server.spi.Page;
import cx.niro.server.spi.TimelineEntry;
import cx.niro.server.spi.TimelineStore;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

final class MemoryTimeline implements TimelineStore {
  private final MemoryClusters clusters;
  private final JournaledMap<Long, TimelineEntry, NavigableMap<Long, TimelineEntry>> entries;
  private long appended;

  MemoryTimeline(Journal journal, MemoryClusters clusters) {
    this.clusters = clusters;
    entries = new JournaledMap<>(journal, new TreeMap<>());
  }

  @Override
  public void append(TimelineEntry entry) {
    if (clusters.has(entry.cluster())) {
      entries.put(appended++, entry);
    }
  }

  @Override
  public Page<TimelineEntry> list(ClusterId cluster, Set<String> kinds, Page.Request page) {
    return Pages.newestFirst(
        entries.view(),
        entry ->
            entry.cluster().equals(cluster) && (kinds.isEmpty() || kinds.contains(entry.kind())),
        page);
  }

  int deleteBefore(Instant before, int limit) {
    List<Long> old =
        entries.view().entrySet().stream()
            .filter(entry -> entry.getValue().at().isBefore(before))
            .map(Map.Entry::getKey)
            .limit(limit)
            .toList();
    old.forEach(entries::remove);
    return old.size();
  }

  void forget(ClusterId cluster) {
    List<Long> gone =
        entries.view().entrySet().stream()
            .filter(entry -> entry.getValue().cluster().equals(cluster))
            .map(Map.Entry::getKey)
            .toList();
    gone.forEach(entries::remove);
  }
}
