package cx.niro.server.spi;

import cx.niro.core.BootId;
import cx.niro.core.ClusterId;
import java.time.Instant;

/**
 * The newest content known of a cluster.
 *
 * @param bootId of the agent process that sent it; together with {@code revision} the base of its
 *     next delta
 * @param bootGeneration with {@code revision}, what is newer
 * @param body a full snapshot, encoded and compressed by the server
 */
@SuppressWarnings("ArrayRecordComponent") // the body is written once and never compared
public record InventoryRow(
    ClusterId cluster,
    BootId bootId,
    long bootGeneration,
    long revision,
    Instant receivedAt,
    byte[] body) {

  @Override
  public boolean equals(Object other) {
    return other instanceof InventoryRow that
        && cluster.equals(that.cluster)
        && bootGeneration == that.bootGeneration
        && revision == that.revision;
  }

  @Override
  public int hashCode() {
    return cluster.hashCode() * 31 + Long.hashCode(revision);
  }
}
