package cx.niro.server.internal.outbox;

import cx.niro.core.ClusterId;
import cx.niro.server.spi.ClusterRow;
import cx.niro.server.spi.StoreTx;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Clusters of one transaction, each read once; many of them page by page. */
final class ClusterRows {
  private static final int FEW = 50;
  private static final int PAGE = 1000;

  private final StoreTx tx;
  private final Map<ClusterId, Optional<ClusterRow>> rows = new HashMap<>();
  private boolean all;

  ClusterRows(StoreTx tx) {
    this.tx = tx;
  }

  /** These will be asked for. */
  void expect(Collection<ClusterId> ids) {
    if (ids.size() <= FEW || all) {
      return;
    }
    all = true;
    List<ClusterRow> page = tx.clusters().list(null, PAGE);
    while (!page.isEmpty()) {
      page.forEach(row -> rows.put(row.id(), Optional.of(row)));
      page = tx.clusters().list(page.get(page.size() - 1).id(), PAGE);
    }
  }

  Optional<ClusterRow> find(ClusterId id) {
    return all
        ? rows.getOrDefault(id, Optional.empty())
        : rows.computeIfAbsent(id, tx.clusters()::find);
  }
}
