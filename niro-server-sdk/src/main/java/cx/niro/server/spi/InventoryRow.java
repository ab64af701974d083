package cx.niro.server.spi;

import cx.niro.core.BootId;
import cx.niro.core.ClusterId;
import java.time.Instant;

/**
 * The content of a cluster as of a full beat; newer {@link InventoryDelta}s are applied to it.
 *
 * @param bootId of the agent process that sent it; together with {@code revision} the base of its
 *     next delta
 * @param bootGeneration with {@code revision}, what is newer
 * @param codec the version of the form of {@code body}; a server leaves alone what is newer than it
 *     knows, and the agent sends the content anew
 * @param body a full heartbeat, plain or gzipped, as the agent sent it or as the server encoded it
 */
@SuppressWarnings("ArrayRecordComponent") // the body is written once and never compared
public record InventoryRow(
    ClusterId cluster,
    BootId bootId,
    long bootGeneration,
    long revision,
    Instant receivedAt,
    int codec,
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
