package cx.niro.server.jdbc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lets an H2 database find its last commit after a crash. Its file is a row of chunks, one for each
 * commit, and a head that should lead to the newest. H2 (seen in 2.2 to 2.5) writes the head before
 * it knows the new chunk, so that a chunk in reused space that is not where it was foreseen is
 * overlooked at the next start: a commit that was acknowledged, and forced onto the disk, is gone.
 *
 * <p>Only the head is written here, as a hint; H2 checks what it leads to and falls back to older
 * chunks as ever. The format is the one that H2's documentation of MVStore describes.
 */
public final class H2StoreFile {
  private static final int BLOCK = 4096;
  private static final int HEADS = 2;
  private static final int CHUNK_HEAD = 1024;
  private static final int CHUNK_FOOT = 128;
  private static final int READ_AHEAD = 256;
  private static final byte[] CHUNK = "chunk:".getBytes(StandardCharsets.ISO_8859_1);

  private final FileChannel file;

  private H2StoreFile(FileChannel file) {
    this.file = file;
  }

  private record Chunk(long block, String id, long version) {}

  /**
   * Call it before the database is opened; reads the whole file if that was not closed properly,
   * else only its head. Does nothing when there is no such file, when another process has it, or
   * when it is not understood.
   *
   * @param file the one whose name ends in {@code .mv.db}
   * @return whether the head was behind and was moved
   */
  public static boolean settle(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      return lock != null && new H2StoreFile(channel).settle();
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private boolean settle() throws IOException {
    Map<String, String> head = head();
    if (head == null || head.containsKey("clean") || !"1000".equals(head.get("blockSize"))) {
      return false;
    }
    Chunk newest = newest();
    if (newest == null || newest.version <= number(head, "version")) {
      return false;
    }
    head.put("block", Long.toHexString(newest.block));
    head.put("chunk", newest.id);
    head.put("version", Long.toHexString(newest.version));
    // Two copies, one after the other: one of them is whole at any time.
    for (int copy = HEADS - 1; copy >= 0; copy--) {
      file.write(ByteBuffer.wrap(checksummed(head)), (long) copy * BLOCK);
      file.force(true);
    }
    return true;
  }

  /** The newer one of the two copies; null when there is none to trust. */
  private @Nullable Map<String, String> head() throws IOException {
    Map<String, String> head = null;
    for (int copy = 0; copy < HEADS; copy++) {
      Map<String, String> one = parse(read((long) copy * BLOCK, BLOCK));
      if (one != null && (head == null || number(one, "version") > number(head, "version"))) {
        head = one;
      }
    }
    return head;
  }

  private @Nullable Chunk newest() throws IOException {
    long blocks = file.size() / BLOCK;
    Chunk newest = null;
    for (long from = HEADS; from < blocks; from += READ_AHEAD) {
      int count = (int) Math.min(READ_AHEAD, blocks - from);
      byte[] bytes = read(from * BLOCK, count * BLOCK);
      for (int i = 0; (i + 1) * BLOCK <= bytes.length; i++) {
        Chunk chunk = startsChunk(bytes, i * BLOCK) ? chunk(bytes, i, from + i) : null;
        if (chunk != null && (newest == null || chunk.version > newest.version)) {
          newest = chunk;
        }
      }
    }
    return newest;
  }

  private static boolean startsChunk(byte[] bytes, int at) {
    for (int i = 0; i < CHUNK.length; i++) {
      if (bytes[at + i] != CHUNK[i]) {
        return false;
      }
    }
    return true;
  }

  /** What begins here, if it also ends as it should. */
  private @Nullable Chunk chunk(byte[] bytes, int index, long block) throws IOException {
    String text = text(bytes, index * BLOCK, CHUNK_HEAD);
    Map<String, String> head = text == null ? null : members(text);
    if (head == null || number(head, "version") < 0 || number(head, "len") < 1) {
      return null;
    }
    long end = (block + number(head, "len")) * BLOCK;
    Map<String, String> foot = end > file.size() ? null : parse(read(end - CHUNK_FOOT, CHUNK_FOOT));
    String id = head.getOrDefault("chunk", "");
    boolean whole =
        foot != null
            && id.equals(foot.get("chunk"))
            && number(foot, "version") == number(head, "version");
    return whole ? new Chunk(block, id, number(head, "version")) : null;
  }

  private byte[] read(long at, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining() && file.read(bytes, at + bytes.position()) > 0) {
      // A read may be short.
    }
    return bytes.array();
  }

  /** The members of a line that ends with a checksum; null when they do not fit together. */
  private static @Nullable Map<String, String> parse(byte[] bytes) {
    String text = text(bytes, 0, bytes.length);
    int sum = text == null ? -1 : text.lastIndexOf(",fletcher:");
    if (text == null || sum < 0) {
      return null;
    }
    Map<String, String> members = members(text);
    byte[] summed = text.substring(0, sum).getBytes(StandardCharsets.ISO_8859_1);
    String expected = Integer.toHexString(fletcher32(summed));
    return members != null && expected.equals(members.remove("fletcher")) ? members : null;
  }

  private static @Nullable String text(byte[] bytes, int from, int limit) {
    int end = Math.min(bytes.length, from + limit);
    for (int i = from; i < end; i++) {
      if (bytes[i] == '\n') {
        return new String(bytes, from, i - from, StandardCharsets.ISO_8859_1).strip();
      }
    }
    return null;
  }

  private static @Nullable Map<String, String> members(String text) {
    Map<String, String> members = new LinkedHashMap<>();
    for (String member : text.split(",", -1)) {
      int colon = member.indexOf(':');
      if (colon < 1) {
        return null;
      }
      members.put(member.substring(0, colon), member.substring(colon + 1));
    }
    return members;
  }

  /** Hexadecimal; -1 when it is not there or not a number. */
  private static long number(Map<String, String> members, String name) {
    try {
      return Long.parseLong(members.getOrDefault(name, ""), 16);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private static byte[] checksummed(Map<String, String> members) {
    StringBuilder text = new StringBuilder();
    members.forEach((name, value) -> text.append(name).append(':').append(value).append(','));
    text.setLength(text.length() - 1);
    int sum = fletcher32(text.toString().getBytes(StandardCharsets.ISO_8859_1));
    text.append(",fletcher:").append(Integer.toHexString(sum)).append('\n');
    byte[] block = new byte[BLOCK];
    byte[] line = text.toString().getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(line, 0, block, 0, line.length);
    return block;
  }

  /** Fletcher's checksum over 16-bit words, high byte first, an odd end filled up with zero. */
  private static int fletcher32(byte[] bytes) {
    long low = 0xffff;
    long high = 0xffff;
    for (int i = 0; i < bytes.length; i += 2) {
      int next = i + 1 < bytes.length ? bytes[i + 1] & 0xff : 0;
      low += (bytes[i] & 0xff) << 8 | next;
      high += low;
      low = (low & 0xffff) + (low >>> 16);
      high = (high & 0xffff) + (high >>> 16);
    }
    low = (low & 0xffff) + (low >>> 16);
    high = (high & 0xffff) + (high >>> 16);
    return (int) (high << 16 | low);
  }
}
