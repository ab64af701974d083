package cx.niro.server.memory;

import cx.niro.core.ClusterId;
import cx.niro.core.Severity;
import cx.niro.core.incident.Fingerprint;
import cx.niro.server.spi.FindingFilter;
import cx.niro.server.spi.FindingRow;
import cx.niro.server.spi.FindingStore;
import cx.niro.server.spi.Page;
import cx.niro.server.spi.PolicySettings;
import cx.niro.server.spi.RankedPlace;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

final class MemoryFindings implements FindingStore {
  private record Numbered(long number, FindingRow row) {}

  private final MemoryClusters clusters;
  private final JournaledMap<
          ClusterId, Map<Fingerprint, Numbered>, Map<ClusterId, Map<Fingerprint, Numbered>>>
      rows;
  private final JournaledMap<ClusterId, PolicySettings, Map<ClusterId, PolicySettings>> settings;
  private long inserted;

  MemoryFindings(Journal journal, MemoryClusters clusters) {
    this.clusters = clusters;
    rows = new JournaledMap<>(journal, new HashMap<>());
    settings = new JournaledMap<>(journal, new HashMap<>());
  }

  private Map<Fingerprint, Numbered> ofCluster(ClusterId cluster) {
    return rows.view().getOrDefault(cluster, Map.of());
  }

  @Override
  public List<FindingRow> of(ClusterId cluster) {
    return ofCluster(cluster).values().stream().map(Numbered::row).toList();
  }

  @Override
  public void put(Collection<FindingRow> findings) {
    for (FindingRow row : findings) {
      if (clusters.has(row.cluster())) {
        Map<Fingerprint, Numbered> next = new LinkedHashMap<>(ofCluster(row.cluster()));
        Numbered before = next.get(row.fingerprint());
        long number = before == null ? inserted++ : before.number();
        next.put(row.fingerprint(), new Numbered(number, row));
        rows.put(row.cluster(), next);
      }
    }
  }

  @Override
  public void remove(ClusterId cluster, Collection<Fingerprint> fingerprints) {
    Map<Fingerprint, Numbered> next = new LinkedHashMap<>(ofCluster(cluster));
    if (next.keySet().removeAll(Set.copyOf(fingerprints))) {
      rows.put(cluster, next);
    }
  }

  @Override
  public Page<FindingRow> list(Set<ClusterId> clusters, FindingFilter filter, Page.Request page) {
    NavigableMap<Long, FindingRow> wanted = new TreeMap<>();
    for (ClusterId cluster : clusters) {
      ofCluster(cluster).values().forEach(each -> wanted.put(each.number(), each.row()));
    }
    return Pages.ranked(
        wanted,
        filter::matches,
        (number, row) -> new RankedPlace(row.rank(), row.since(), number),
        page);
  }

  @Override
  public Map<Severity, Integer> openCounts(ClusterId cluster) {
    Map<Severity, Integer> counts = new EnumMap<>(Severity.class);
    of(cluster).stream()
        .filter(row -> !row.isExempt())
        .forEach(row -> counts.merge(row.finding().severity(), 1, Integer::sum));
    return counts;
  }

  @Override
  public Optional<PolicySettings> settings(ClusterId cluster) {
    return Optional.ofNullable(settings.get(cluster));
  }

  @Override
  public void save(ClusterId cluster, PolicySettings next) {
    if (clusters.has(cluster)) {
      settings.put(cluster, next);
    }
  }

  void forget(ClusterId cluster) {
    rows.remove(cluster);
    settings.remove(cluster);
  }
}
