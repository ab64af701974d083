package cx.niro.server.memory;

import cx.niro.core.ClusterId;
import cx.niro.core.OrganizationId;
import cx.niro.server.spi.ClusterRow;
import cx.niro.server.spi.ClusterStore;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

final class MemoryClusters implements ClusterStore {
  private final JournaledMap<String, ClusterRow, NavigableMap<String, ClusterRow>> rows;
  private final List<Consumer<ClusterId>> onDelete = new ArrayList<>();

  MemoryClusters(Journal journal) {
    rows = new JournaledMap<>(journal, new TreeMap<>());
  }

  void onDelete(Consumer<ClusterId> action) {
    onDelete.add(action);
  }

  boolean has(ClusterId id) {
    return rows.get(id.value()) != null;
  }

  @Override
  public boolean insert(ClusterRow cluster) {
    if (has(cluster.id()) || nameTaken(cluster)) {
      return false;
    }
    rows.put(cluster.id().value(), cluster);
    return true;
  }

  @Override
  public Optional<ClusterRow> find(ClusterId id) {
    return Optional.ofNullable(rows.get(id.value()));
  }

  @Override
  public boolean update(ClusterRow cluster) {
    if (!has(cluster.id()) || nameTaken(cluster)) {
      return false;
    }
    rows.put(cluster.id().value(), cluster);
    return true;
  }

  private boolean nameTaken(ClusterRow cluster) {
    return rows.view().values().stream()
        .anyMatch(
            other ->
                other.organization().equals(cluster.organization())
                    && other.name().equals(cluster.name())
                    && !other.id().equals(cluster.id()));
  }

  @Override
  public boolean delete(ClusterId id) {
    if (rows.remove(id.value()) == null) {
      return false;
    }
    onDelete.forEach(action -> action.accept(id));
    return true;
  }

  @Override
  public List<ClusterRow> list(@Nullable ClusterId after, int limit) {
    NavigableMap<String, ClusterRow> rest =
        after == null ? rows.view() : rows.view().tailMap(after.value(), false);
    return rest.values().stream().limit(limit).toList();
  }

  @Override
  public Optional<ClusterRow> findByKubeSystemUid(
      OrganizationId organization, String kubeSystemUid) {
    return rows.view().values().stream()
        .filter(row -> row.organization().equals(organization))
        .filter(row -> kubeSystemUid.equals(row.kubeSystemUid()))
        .findFirst();
  }
}
