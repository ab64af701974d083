package cx.niro.server.internal;

import cx.niro.core.protocol.HeldContent;
import cx.niro.core.protocol.Limits;
import cx.niro.core.protocol.NiroCodec;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.ContentDigest;
import cx.niro.server.spi.InventoryRow;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * How content lies in the store: gzipped JSON.
 *
 * @param gap as in {@link HeldContent}
 */
public record SnapshotBody(ClusterSnapshot snapshot, long gap) {
  private static final NiroCodec CODEC = NiroCodec.create();
  private static final long MOST_BYTES = 4 * Limits.HEARTBEAT_BYTES;

  static byte[] write(HeldContent content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream zipped = new GZIPOutputStream(bytes)) {
      CODEC.encode(new SnapshotBody(content.snapshot(), content.gap()), zipped);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static HeldContent read(InventoryRow row) {
    try (InputStream unzipped = new GZIPInputStream(new ByteArrayInputStream(row.body()))) {
      SnapshotBody body = CODEC.decode(SnapshotBody.class, unzipped, MOST_BYTES);
      long digest = ContentDigest.of(body.snapshot().objects());
      return new HeldContent(row.bootId(), row.revision(), body.snapshot(), digest, body.gap());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
