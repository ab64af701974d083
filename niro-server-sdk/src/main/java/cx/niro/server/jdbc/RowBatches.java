package cx.niro.server.jdbc;

import cx.niro.core.ClusterId;
import cx.niro.server.spi.InventoryDelta;
import cx.niro.server.spi.InventoryRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Update;

/**
 * A statement for each row, as every database knows them: updates first, then what was not there. A
 * row that somebody else inserted in between may be an older one, so it is updated.
 */
final class RowBatches implements InventoryBatches {
  private static final String UPDATE =
      """
      UPDATE niro_inventory SET boot_id = :bootId, boot_generation = :bootGeneration, revision = :revision,
        received_at = :receivedAt, codec = :codec, body = :body
      WHERE cluster = :cluster
        AND (boot_generation < :bootGeneration OR (boot_generation = :bootGeneration AND revision < :revision))
      """;
  private static final String INSERT =
      """
      INSERT INTO niro_inventory (cluster, boot_id, boot_generation, revision, received_at, codec, body)
      VALUES (:cluster, :bootId, :bootGeneration, :revision, :receivedAt, :codec, :body)
      """;
  private static final String FOLDED =
      """
      DELETE FROM niro_inventory_delta WHERE cluster = :cluster
        AND (boot_generation < :bootGeneration OR (boot_generation = :bootGeneration AND revision <= :revision))
      """;
  private static final String APPEND =
      """
      INSERT INTO niro_inventory_delta (cluster, boot_generation, base_revision, revision, received_at, codec, body)
      SELECT id, CAST(:bootGeneration AS BIGINT), CAST(:baseRevision AS BIGINT), CAST(:revision AS BIGINT),
        CAST(:receivedAt AS TIMESTAMP(6) WITH TIME ZONE), CAST(:codec AS INT), :body
      FROM niro_cluster WHERE id = :cluster AND NOT EXISTS (SELECT 1 FROM niro_inventory_delta
        WHERE cluster = :cluster AND boot_generation = :bootGeneration AND revision = :revision)
      """;
  private static final String INSERT_SEEN =
      "INSERT INTO niro_last_seen (cluster, at) VALUES (:cluster, :at)";
  private static final String RAISE =
      "UPDATE niro_last_seen SET at = :at WHERE cluster = :cluster AND at < :at";

  @Override
  public void save(JdbcStoreTx tx, List<InventoryRow> rows) {
    for (InventoryRow row : missed(rows, batch(tx, UPDATE, rows).execute())) {
      if (!tx.inserts().run(tx.handle().createUpdate(INSERT).bindMethods(row))) {
        tx.handle().createUpdate(UPDATE).bindMethods(row).execute();
      }
    }
    batch(tx, FOLDED, rows).execute();
  }

  private static PreparedBatch batch(JdbcStoreTx tx, String sql, List<?> rows) {
    PreparedBatch batch = tx.handle().prepareBatch(sql);
    rows.forEach(row -> batch.bindMethods(row).add());
    return batch;
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
  public void append(JdbcStoreTx tx, List<InventoryDelta> deltas) {
    batch(tx, APPEND, deltas).execute();
  }

  @Override
  public void touch(JdbcStoreTx tx, List<Map.Entry<ClusterId, Instant>> seen) {
    PreparedBatch batch = tx.handle().prepareBatch(RAISE);
    seen.forEach(entry -> batch.bind("cluster", entry.getKey()).bind("at", entry.getValue()).add());
    missed(seen, batch.execute()).forEach(entry -> insertLastSeen(tx, entry));
  }

  private static void insertLastSeen(JdbcStoreTx tx, Map.Entry<ClusterId, Instant> entry) {
    if (!tx.inserts().run(bound(tx.handle().createUpdate(INSERT_SEEN), entry))) {
      bound(tx.handle().createUpdate(RAISE), entry).execute();
    }
  }

  private static Update bound(Update update, Map.Entry<ClusterId, Instant> entry) {
    return update.bind("cluster", entry.getKey()).bind("at", entry.getValue());
  }
}
