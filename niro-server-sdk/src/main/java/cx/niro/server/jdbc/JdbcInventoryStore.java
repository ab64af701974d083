package cx.niro.server.jdbc;

import cx.niro.core.ClusterId;
import cx.niro.server.spi.InventoryRow;
import cx.niro.server.spi.InventoryStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Update;

/**
 * Updates first, inserts what was not there: most rows exist, and both databases know these
 * statements. A row that somebody else inserted in between may be an older one, so it is updated.
 * In the order of ids, for two who lock rows in different orders wait for each other.
 */
record JdbcInventoryStore(Transactions transactions) implements InventoryStore {
  private static final String UPDATE =
      """
      UPDATE niro_inventory SET boot_id = :bootId, boot_generation = :bootGeneration, revision = :revision,
        received_at = :receivedAt, body = :body
      WHERE cluster = :cluster
        AND (boot_generation < :bootGeneration OR (boot_generation = :bootGeneration AND revision < :revision))
      """;
  private static final String INSERT =
      """
      INSERT INTO niro_inventory (cluster, boot_id, boot_generation, revision, received_at, body)
      VALUES (:cluster, :bootId, :bootGeneration, :revision, :receivedAt, :body)
      """;
  private static final String INSERT_SEEN =
      "INSERT INTO niro_last_seen (cluster, at) VALUES (:cluster, :at)";
  private static final String RAISE =
      "UPDATE niro_last_seen SET at = :at WHERE cluster = :cluster AND at < :at";

  @Override
  public void save(Collection<InventoryRow> rows) {
    List<InventoryRow> ordered =
        rows.stream().sorted(Comparator.comparing(row -> row.cluster().value())).toList();
    if (ordered.isEmpty()) {
      return;
    }
    transactions.run(
        tx -> {
          PreparedBatch batch = tx.handle().prepareBatch(UPDATE);
          ordered.forEach(row -> batch.bindMethods(row).add());
          for (InventoryRow row : missed(ordered, batch.execute())) {
            if (!tx.inserts().run(tx.handle().createUpdate(INSERT).bindMethods(row))) {
              tx.handle().createUpdate(UPDATE).bindMethods(row).execute();
            }
          }
          return true;
        });
  }

  private static <T> List<T> missed(List<T> rows, int[] counts) {
    List<T> missed = new ArrayList<>();
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] == 0) {
        missed.add(rows.get(i));
      }
    }
    return missed;
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
  public void touch(Map<ClusterId, Instant> lastSeen) {
    List<Map.Entry<ClusterId, Instant>> ordered =
        lastSeen.entrySet().stream()
            .sorted(Comparator.comparing(entry -> entry.getKey().value()))
            .toList();
    if (ordered.isEmpty()) {
      return;
    }
    transactions.run(
        tx -> {
          PreparedBatch batch = tx.handle().prepareBatch(RAISE);
          ordered.forEach(
              entry -> batch.bind("cluster", entry.getKey()).bind("at", entry.getValue()).add());
          missed(ordered, batch.execute()).forEach(entry -> insertLastSeen(tx, entry));
          return true;
        });
  }

  private static void insertLastSeen(JdbcStoreTx tx, Map.Entry<ClusterId, Instant> entry) {
    if (!tx.inserts().run(bound(tx.handle().createUpdate(INSERT_SEEN), entry))) {
      bound(tx.handle().createUpdate(RAISE), entry).execute();
    }
  }

  private static Update bound(Update update, Map.Entry<ClusterId, Instant> entry) {
    return update.bind("cluster", entry.getKey()).bind("at", entry.getValue());
  }

  @Override
  public Map<ClusterId, Instant> lastSeen() {
    return transactions.run(
        tx ->
            tx.handle()
                .createQuery("SELECT cluster, at FROM niro_last_seen")
                .reduceRows(
                    new HashMap<>(),
                    (seen, row) -> {
                      seen.put(
                          row.getColumn("cluster", ClusterId.class),
                          row.getColumn("at", Instant.class));
                      return seen;
                    }));
  }
}
