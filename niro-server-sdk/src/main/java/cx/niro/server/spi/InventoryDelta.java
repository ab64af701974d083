package cx.niro.server.spi;

import cx.niro.core.ClusterId;
import java.time.Instant;

/**
 * What a beat changed in the content of a cluster, to be applied to what is stored at {@code
 * baseRevision} of the same boot generation.
 *
 * @param codec as in {@link InventoryRow}
 * @param body a heartbeat with a delta, plain or gzipped, as the agent sent it
 */
@SuppressWarnings("ArrayRecordComponent") // the body is written once and never compared
public record InventoryDelta(
    ClusterId cluster,
    long bootGeneration,
    long baseRevision,
    long revision,
    Instant receivedAt,
    int codec,
    byte[] body) {

  @Override
  public boolean equals(Object other) {
    return other instanceof InventoryDelta that
        && cluster.equals(that.cluster)
        && bootGeneration == that.bootGeneration
        && baseRevision == that.baseRevision
        && revision == that.revision;
  }

  @Override
  public int hashCode() {
    return cluster.hashCode() * 31 + Long.hashCode(revision);
  }
}
