package cx.niro.server.memory;

import cx.niro.core.ClusterId;
import cx.niro.core.CommandId;
import cx.niro.core.DeploymentId;
import cx.niro.server.spi.ApplyRow;
import cx.niro.server.spi.ApplyStore;
import cx.niro.server.spi.DeploymentRow;
import cx.niro.server.spi.DeploymentStore;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

final class MemoryDeployments implements DeploymentStore {
  private final MemoryClusters clusters;
  private final JournaledMap<DeploymentId, DeploymentRow, Map<DeploymentId, DeploymentRow>> rows;
  private final Applies applies;

  MemoryDeployments(Journal journal, MemoryClusters clusters) {
    this.clusters = clusters;
    rows = new JournaledMap<>(journal, new HashMap<>());
    applies = new Applies(journal);
  }

  ApplyStore applies() {
    return applies;
  }

  void forget(ClusterId cluster) {
    list(cluster).forEach(row -> delete(row.id()));
  }

  @Override
  public boolean insert(DeploymentRow deployment) {
    boolean taken = find(deployment.cluster(), deployment.name()).isPresent();
    if (taken || !clusters.has(deployment.cluster())) {
      return false;
    }
    rows.put(deployment.id(), deployment);
    return true;
  }

  @Override
  public Optional<DeploymentRow> find(ClusterId cluster, String name) {
    return rows.view().values().stream()
        .filter(row -> row.cluster().equals(cluster) && row.name().equals(name))
        .findFirst();
  }

  @Override
  public boolean update(DeploymentRow seen, DeploymentRow next) {
    DeploymentRow stored = rows.get(next.id());
    boolean same = stored != null && isSame(stored, seen);
    if (same) {
      rows.put(next.id(), next);
    }
    return same;
  }

  private static boolean isSame(DeploymentRow stored, DeploymentRow seen) {
    return stored.wanted().equals(seen.wanted())
        && stored.applied().equals(seen.applied())
        && Objects.equals(stored.look(), seen.look())
        && Objects.equals(comparedAt(stored), comparedAt(seen));
  }

  private static @Nullable Instant comparedAt(DeploymentRow row) {
    DeploymentRow.Drift drift = row.drift();
    return drift == null ? null : drift.checkedAt();
  }

  @Override
  public boolean delete(DeploymentId id) {
    applies.forget(id);
    return rows.remove(id) != null;
  }

  @Override
  public List<DeploymentRow> list(ClusterId cluster) {
    return rows.view().values().stream()
        .filter(row -> row.cluster().equals(cluster))
        .sorted(Comparator.comparing(DeploymentRow::name))
        .map(DeploymentRow::withoutReport)
        .toList();
  }

  private record Key(DeploymentId deployment, long number) {}

  private final class Applies implements ApplyStore {
    private final JournaledMap<Key, ApplyRow, NavigableMap<Key, ApplyRow>> attempts;
    private final JournaledMap<Key, String, Map<Key, String>> manifests;

    Applies(Journal journal) {
      attempts =
          new JournaledMap<>(
              journal,
              new TreeMap<>(
                  Comparator.comparing((Key key) -> key.deployment().value())
                      .thenComparing(Key::number, Comparator.reverseOrder())));
      manifests = new JournaledMap<>(journal, new HashMap<>());
    }

    void forget(DeploymentId id) {
      forget(attempts, key -> key.deployment().equals(id));
      forget(manifests, key -> key.deployment().equals(id));
    }

    private <V, M extends Map<Key, V>> void forget(
        JournaledMap<Key, V, M> from, Predicate<Key> which) {
      from.view().keySet().stream().filter(which).toList().forEach(from::remove);
    }

    @Override
    public void append(ApplyRow apply) {
      DeploymentId id = apply.deployment();
      if (rows.get(id) == null) {
        return;
      }
      attempts.put(new Key(id, apply.attempt()), apply);
      Predicate<Key> old =
          key -> key.deployment().equals(id) && key.number() <= apply.attempt() - KEPT;
      if (attempts.view().keySet().stream().anyMatch(old)) {
        forget(attempts, old);
        Set<Long> named = new HashSet<>();
        list(id).forEach(kept -> named.add(kept.revision()));
        forget(manifests, key -> key.deployment().equals(id) && !named.contains(key.number()));
      }
    }

    @Override
    public void update(ApplyRow apply) {
      Key key = new Key(apply.deployment(), apply.attempt());
      if (attempts.get(key) != null) {
        attempts.put(key, apply);
      }
    }

    @Override
    public List<ApplyRow> list(DeploymentId deployment) {
      return attempts.view().values().stream()
          .filter(row -> row.deployment().equals(deployment))
          .toList();
    }

    @Override
    public Optional<ApplyRow> find(CommandId command) {
      return attempts.view().values().stream()
          .filter(row -> row.command().equals(command))
          .findFirst();
    }

    @Override
    public void putManifests(DeploymentId deployment, long revision, String text) {
      if (rows.get(deployment) != null) {
        manifests.put(new Key(deployment, revision), text);
      }
    }

    @Override
    public Optional<String> manifests(DeploymentId deployment, long revision) {
      return Optional.ofNullable(manifests.get(new Key(deployment, revision)));
    }
  }
}
