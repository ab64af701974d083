package cx.niro.server.jdbc;

import cx.niro.core.ClusterId;
import cx.niro.server.spi.InventoryDelta;
import cx.niro.server.spi.InventoryRow;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * How many rows are written behind at once. In the order of ids, for two who lock rows in different
 * orders wait for each other; none of the lists is empty.
 */
interface InventoryBatches {
  /** Writes what is newer than the stored, and takes away the deltas that are not. */
  void save(JdbcStoreTx tx, List<InventoryRow> rows);

  /** Adds what is not there. */
  void append(JdbcStoreTx tx, List<InventoryDelta> deltas);

  /** Raises last-seen. */
  void touch(JdbcStoreTx tx, List<Map.Entry<ClusterId, Instant>> seen);
}
