package cx.niro.app.bench;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * A beat of the codec with its numbers left open. All but them is compressed once; each beat begins
 * with a stored block that holds them, so that the generator compresses nothing while it measures.
 */
final class Beat {
  /** Agents compress from here on. */
  private static final int GZIP_FROM_BYTES = 1024;

  private static final byte[] GZIP_HEAD = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};
  private static final int STORED_BLOCK = 5;
  private static final int GZIP_END = 8;

  private final String form;
  private final byte[] rest;
  private final byte[] packed;

  /**
   * @param encoded by the codec, with a digest
   */
  Beat(byte[] encoded) {
    String text = new String(encoded, StandardCharsets.UTF_8);
    int content = text.indexOf("\"content\":{\"form\":\"") + "\"content\":{\"form\":\"".length();
    this.form = text.substring(content, text.indexOf('"', content));
    this.rest = text.substring(text.indexOf("\"digest\"")).getBytes(StandardCharsets.UTF_8);
    this.packed = deflated(rest);
  }

  /** The numbers of one beat. */
  record Numbers(String bootId, long sequence, long sentAt, long revision) {}

  /** A body as it is sent. */
  @SuppressWarnings("ArrayRecordComponent")
  record Body(byte[] bytes, boolean gzip, int plainBytes) {}

  Body with(Numbers numbers) {
    byte[] head = head(numbers).getBytes(StandardCharsets.UTF_8);
    int plain = head.length + rest.length;
    if (plain < GZIP_FROM_BYTES) {
      return new Body(ByteBuffer.allocate(plain).put(head).put(rest).array(), false, plain);
    }
    CRC32 sum = new CRC32();
    sum.update(head);
    sum.update(rest);
    int length = GZIP_HEAD.length + STORED_BLOCK + head.length + packed.length + GZIP_END;
    ByteBuffer body = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    body.put(GZIP_HEAD).put((byte) 0);
    body.putShort((short) head.length).putShort((short) ~head.length);
    body.put(head).put(packed).putInt((int) sum.getValue()).putInt(plain);
    return new Body(body.array(), true, plain);
  }

  private String head(Numbers numbers) {
    String base = form.equals("delta") ? "\"baseRevision\":" + (numbers.revision() - 1) + "," : "";
    return "{\"bootId\":\""
        + numbers.bootId()
        + "\",\"sequence\":"
        + numbers.sequence()
        + ",\"timing\":{\"sentAt\":"
        + numbers.sentAt()
        + ",\"uptimeMillis\":90000,\"intervalMillis\":1000,\"lastServerTime\":"
        + (numbers.sentAt() - 1000)
        + ",\"lastRoundTripMillis\":12},\"content\":{\"form\":\""
        + form
        + "\",\"revision\":"
        + numbers.revision()
        + ","
        + base;
  }

  private static byte[] deflated(byte[] plain) {
    Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    deflater.setInput(plain);
    deflater.finish();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] piece = new byte[8192];
    while (!deflater.finished()) {
      out.write(piece, 0, deflater.deflate(piece));
    }
    deflater.end();
    return out.toByteArray();
  }
}
