package cx.niro.server.jdbc;

import cx.niro.core.ClusterId;
import cx.niro.server.spi.InventoryDelta;
import cx.niro.server.spi.InventoryRow;
import cx.niro.server.spi.InventoryStore;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Writes in batches, each in a transaction of its own. */
record JdbcInventoryStore(Transactions transactions, InventoryBatches batches)
    implements InventoryStore {
  @Override
  public void save(Collection<InventoryRow> rows) {
    List<InventoryRow> ordered =
        rows.stream().sorted(Comparator.comparing(row -> row.cluster().value())).toList();
    if (!ordered.isEmpty()) {
      run(tx -> batches.save(tx, ordered));
    }
  }

  @Override
  public void append(Collection<InventoryDelta> deltas) {
    List<InventoryDelta> ordered =
        deltas.stream().sorted(Comparator.comparing(delta -> delta.cluster().value())).toList();
    if (!ordered.isEmpty()) {
      run(tx -> batches.append(tx, ordered));
    }
  }

  private void run(Consumer<JdbcStoreTx> work) {
    transactions.run(
        tx -> {
          work.accept(tx);
          return true;
        });
  }

  @Override
  public Optional<InventoryRow> find(ClusterId cluster) {
    return transactions.run(
        tx ->
            tx.handle()
                .createQuery("SELECT * FROM niro_inventory WHERE cluster = :cluster")
                .bind("cluster", cluster)
                .mapTo(InventoryRow.class)
                .findOne());
  }

  @Override
  public List<InventoryDelta> deltas(ClusterId cluster) {
    return transactions.run(
        tx ->
            tx.handle()
                .createQuery(
                    "SELECT * FROM niro_inventory_delta WHERE cluster = :cluster ORDER BY boot_generation, revision")
                .bind("cluster", cluster)
                .mapTo(InventoryDelta.class)
                .list());
  }

  @Override
  public void touch(Map<ClusterId, Instant> lastSeen) {
    List<Map.Entry<ClusterId, Instant>> ordered =
        lastSeen.entrySet().stream()
            .sorted(Comparator.comparing(entry -> entry.getKey().value()))
            .toList();
    if (!ordered.isEmpty()) {
      run(tx -> batches.touch(tx, ordered));
    }
  }

  @Override
  public Map<ClusterId, Instant> lastSeen() {
    return seenSince(Instant.EPOCH);
  }

  @Override
  public Map<ClusterId, Instant> seenSince(Instant since) {
    return moments("SELECT cluster, at FROM niro_last_seen WHERE at >= :since", since);
  }

  @Override
  public Map<ClusterId, Instant> receivedSince(Instant since) {
    return moments(
        """
        SELECT cluster, MAX(received_at) AS at FROM (
          SELECT cluster, received_at FROM niro_inventory WHERE received_at >= :since
          UNION ALL
          SELECT cluster, received_at FROM niro_inventory_delta WHERE received_at >= :since) received
        GROUP BY cluster
        """,
        since);
  }

  private Map<ClusterId, Instant> moments(String query, Instant since) {
    return transactions.run(
        tx ->
            tx.handle()
                .createQuery(query)
                .bind("since", since)
                .reduceRows(
                    new HashMap<>(),
                    (moments, row) -> {
                      moments.put(
                          row.getColumn("cluster", ClusterId.class),
                          row.getColumn("at", Instant.class));
                      return moments;
                    }));
  }
}
