package cx.niro.server.memory;

import cx.niro.core.ClusterId;
import cx.niro.server.spi.LeaseRow;
import cx.niro.server.spi.ReplicaStore;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

final class MemoryReplicas implements ReplicaStore {
  private record Touched(ClusterId cluster, Instant at, String by) {}

  private final JournaledMap<Long, Touched, NavigableMap<Long, Touched>> touches;
  private final JournaledMap<String, LeaseRow, Map<String, LeaseRow>> leases;
  private long touched;

  MemoryReplicas(Journal journal) {
    touches = new JournaledMap<>(journal, new TreeMap<>());
    leases = new JournaledMap<>(journal, new HashMap<>());
  }

  @Override
  public void touch(Collection<ClusterId> clusters, Instant at, String by) {
    clusters.forEach(cluster -> touches.put(touched++, new Touched(cluster, at, by)));
  }

  @Override
  public List<Touch> touchedSince(Instant since, String notBy, int limit) {
    return touches.view().entrySet().stream()
        .filter(entry -> !entry.getValue().at().isBefore(since))
        .filter(entry -> !entry.getValue().by().equals(notBy))
        .limit(limit)
        .map(entry -> new Touch(entry.getValue().cluster(), entry.getKey()))
        .toList();
  }

  @Override
  public int forgetTouchesBefore(Instant before, int limit) {
    List<Long> old =
        touches.view().entrySet().stream()
            .filter(entry -> entry.getValue().at().isBefore(before))
            .map(Map.Entry::getKey)
            .limit(limit)
            .toList();
    old.forEach(touches::remove);
    return old.size();
  }

  @Override
  public List<LeaseRow> leases() {
    return List.copyOf(leases.view().values());
  }

  @Override
  public boolean putLease(@Nullable LeaseRow seen, LeaseRow next) {
    LeaseRow there = leases.get(next.name());
    boolean same;
    if (seen == null || there == null) {
      same = seen == null && there == null;
    } else {
      same = there.owner().equals(seen.owner()) && there.endsAt().equals(seen.endsAt());
    }
    if (same) {
      leases.put(next.name(), next);
    }
    return same;
  }

  @Override
  public void dropLeases(String owner) {
    leases().stream()
        .filter(row -> row.owner().equals(owner))
        .forEach(row -> leases.remove(row.name()));
  }
}
