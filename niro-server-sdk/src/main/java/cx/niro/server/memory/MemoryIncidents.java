package cx.niro.server.memory;

import cx.niro.core.ClusterId;
import cx.niro.core.IncidentId;
import cx.niro.core.incident.Fingerprint;
import cx.niro.server.spi.IncidentFilter;
import cx.niro.server.spi.IncidentRow;
import cx.niro.server.spi.IncidentStore;
import cx.niro.server.spi.Page;
import cx.niro.server.spi.RankedPlace;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

final class MemoryIncidents implements IncidentStore {
  private final MemoryClusters clusters;
  private final JournaledMap<Long, IncidentRow, NavigableMap<Long, IncidentRow>> rows;
  private final JournaledMap<IncidentId, Long, Map<IncidentId, Long>> numbers;
  private final JournaledMap<Fingerprint, Long, Map<Fingerprint, Long>> open;
  private long inserted;

  MemoryIncidents(Journal journal, MemoryClusters clusters) {
    this.clusters = clusters;
    rows = new JournaledMap<>(journal, new TreeMap<>());
    numbers = new JournaledMap<>(journal, new HashMap<>());
    open = new JournaledMap<>(journal, new HashMap<>());
  }

  @Override
  public boolean open(IncidentRow incident) {
    if (!clusters.has(incident.cluster())
        || findOpen(incident.cluster(), incident.what().fingerprint()).isPresent()) {
      return false;
    }
    long number = inserted++;
    rows.put(number, incident);
    numbers.put(incident.id(), number);
    open.put(incident.what().fingerprint(), number);
    return true;
  }

  @Override
  public Optional<IncidentRow> find(IncidentId id) {
    return Optional.ofNullable(numbers.get(id)).map(rows::get);
  }

  @Override
  public Optional<IncidentRow> findOpen(ClusterId cluster, Fingerprint fingerprint) {
    return Optional.ofNullable(open.get(fingerprint))
        .map(rows::get)
        .filter(row -> row.cluster().equals(cluster));
  }

  @Override
  public void update(IncidentRow incident) {
    Long number = numbers.get(incident.id());
    if (number == null) {
      return;
    }
    rows.put(number, incident);
    Fingerprint fingerprint = incident.what().fingerprint();
    if (!incident.isOpen() && number.equals(open.get(fingerprint))) {
      open.remove(fingerprint);
    }
  }

  @Override
  public List<IncidentRow> openOf(ClusterId cluster) {
    return open.view().values().stream()
        .sorted()
        .flatMap(number -> Optional.ofNullable(rows.get(number)).stream())
        .filter(row -> row.cluster().equals(cluster))
        .toList();
  }

  @Override
  public Page<IncidentRow> list(Set<ClusterId> clusters, IncidentFilter filter, Page.Request page) {
    return Pages.ranked(
        rows.view(),
        row -> clusters.contains(row.cluster()) && filter.matches(row),
        (number, row) -> new RankedPlace(row.rank(), row.began().since(), number),
        page);
  }

  @Override
  public boolean deleteResolved(IncidentId id) {
    Long number = numbers.get(id);
    IncidentRow row = number == null ? null : rows.get(number);
    if (number == null || row == null || row.isOpen()) {
      return false;
    }
    rows.remove(number);
    numbers.remove(id);
    return true;
  }

  int deleteResolvedBefore(Instant before, int limit) {
    List<IncidentId> old =
        rows.view().values().stream()
            .filter(row -> row.resolved() != null && row.resolved().at().isBefore(before))
            .map(IncidentRow::id)
            .limit(limit)
            .toList();
    old.forEach(this::deleteResolved);
    return old.size();
  }

  void forget(ClusterId cluster) {
    List<Long> gone =
        rows.view().entrySet().stream()
            .filter(entry -> entry.getValue().cluster().equals(cluster))
            .map(Map.Entry::getKey)
            .toList();
    for (Long number : gone) {
      IncidentRow row = rows.remove(number);
      if (row != null) {
        numbers.remove(row.id());
        open.remove(row.what().fingerprint());
      }
    }
  }
}
