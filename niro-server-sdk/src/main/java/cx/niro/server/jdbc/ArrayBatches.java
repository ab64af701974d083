package cx.niro.server.jdbc;

import cx.niro.core.ClusterId;
import cx.niro.server.spi.InventoryDelta;
import cx.niro.server.spi.InventoryRow;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.statement.Update;

/**
 * One statement for all rows, a column an array, as PostgreSQL knows it. Rows of clusters that are
 * gone are left out; one that goes in between makes the transaction run again.
 */
final class ArrayBatches implements InventoryBatches {
  private static final String SAVE =
      """
      INSERT INTO niro_inventory AS i (cluster, boot_id, boot_generation, revision, received_at, codec, body)
      SELECT n.* FROM unnest(:cluster, :bootId, :bootGeneration, :revision, :at, :codec, :body)
        AS n(cluster, boot_id, boot_generation, revision, received_at, codec, body)
      JOIN niro_cluster c ON c.id = n.cluster ORDER BY n.cluster
      ON CONFLICT (cluster) DO UPDATE SET boot_id = excluded.boot_id, boot_generation = excluded.boot_generation,
        revision = excluded.revision, received_at = excluded.received_at, codec = excluded.codec, body = excluded.body
      WHERE (i.boot_generation, i.revision) < (excluded.boot_generation, excluded.revision)
      """;
  private static final String FOLDED =
      """
      DELETE FROM niro_inventory_delta d USING unnest(:cluster, :bootGeneration, :revision)
        AS n(cluster, boot_generation, revision)
      WHERE d.cluster = n.cluster AND (d.boot_generation, d.revision) <= (n.boot_generation, n.revision)
      """;
  private static final String APPEND =
      """
      INSERT INTO niro_inventory_delta (cluster, boot_generation, base_revision, revision, received_at, codec, body)
      SELECT n.* FROM unnest(:cluster, :bootGeneration, :baseRevision, :revision, :at, :codec, :body)
        AS n(cluster, boot_generation, base_revision, revision, received_at, codec, body)
      JOIN niro_cluster c ON c.id = n.cluster ORDER BY n.cluster, n.revision
      ON CONFLICT DO NOTHING
      """;
  private static final String TOUCH =
      """
      INSERT INTO niro_last_seen AS l (cluster, at)
      SELECT n.* FROM unnest(:cluster, :at) AS n(cluster, at)
      JOIN niro_cluster c ON c.id = n.cluster ORDER BY n.cluster
      ON CONFLICT (cluster) DO UPDATE SET at = excluded.at WHERE l.at < excluded.at
      """;

  private static Argument array(String type, Object[] values) {
    return (position, statement, context) ->
        statement.setArray(position, statement.getConnection().createArrayOf(type, values));
  }

  private static <T> Argument texts(List<T> rows, Function<T, Object> value) {
    return array("varchar", rows.stream().map(row -> value.apply(row).toString()).toArray());
  }

  private static <T> Argument numbers(List<T> rows, Function<T, Long> value) {
    return array("bigint", rows.stream().map(value).toArray(Long[]::new));
  }

  private static <T> Argument codecs(List<T> rows, Function<T, Integer> value) {
    return array("int", rows.stream().map(value).toArray(Integer[]::new));
  }

  private static <T> Argument times(List<T> rows, Function<T, Instant> value) {
    return array("timestamptz", rows.stream().map(row -> value.apply(row).toString()).toArray());
  }

  private static <T> Argument bodies(List<T> rows, Function<T, byte[]> value) {
    return array("bytea", rows.stream().map(value).toArray(byte[][]::new));
  }

  @Override
  public void save(JdbcStoreTx tx, List<InventoryRow> rows) {
    keys(tx.handle().createUpdate(SAVE), rows)
        .bind("bootId", texts(rows, InventoryRow::bootId))
        .bind("at", times(rows, InventoryRow::receivedAt))
        .bind("codec", codecs(rows, InventoryRow::codec))
        .bind("body", bodies(rows, InventoryRow::body))
        .execute();
    keys(tx.handle().createUpdate(FOLDED), rows).execute();
  }

  private static Update keys(Update update, List<InventoryRow> rows) {
    return update
        .bind("cluster", texts(rows, InventoryRow::cluster))
        .bind("bootGeneration", numbers(rows, InventoryRow::bootGeneration))
        .bind("revision", numbers(rows, InventoryRow::revision));
  }

  @Override
  public void append(JdbcStoreTx tx, List<InventoryDelta> deltas) {
    tx.handle()
        .createUpdate(APPEND)
        .bind("cluster", texts(deltas, InventoryDelta::cluster))
        .bind("bootGeneration", numbers(deltas, InventoryDelta::bootGeneration))
        .bind("baseRevision", numbers(deltas, InventoryDelta::baseRevision))
        .bind("revision", numbers(deltas, InventoryDelta::revision))
        .bind("at", times(deltas, InventoryDelta::receivedAt))
        .bind("codec", codecs(deltas, InventoryDelta::codec))
        .bind("body", bodies(deltas, InventoryDelta::body))
        .execute();
  }

  @Override
  public void touch(JdbcStoreTx tx, List<Map.Entry<ClusterId, Instant>> seen) {
    tx.handle()
        .createUpdate(TOUCH)
        .bind("cluster", texts(seen, Map.Entry::getKey))
        .bind("at", times(seen, Map.Entry::getValue))
        .execute();
  }
}
