package cx.niro.core.snapshot;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * A 64-bit digest over which objects, in which version, a snapshot holds. It is the sum, modulo
 * 2^64, of one FNV-1a hash per object over {@code section \0 uid \0 hash}, where {@code hash} is
 * whatever text the agent put into {@link ObjectMeta#hash()}. Order does not matter, one changed
 * object costs one subtraction and one addition, and a receiver can check a merge without encoding
 * anything again, whatever it clipped or did not understand. Source of FNV-1a: draft-eastlake-fnv.
 */
public final class ContentDigest {
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private ContentDigest() {}

  /** The digest of everything in {@code objects}. */
  public static long of(Inventory objects) {
    long sum = 0;
    for (Section section : Section.values()) {
      for (Resource object : objects.of(section)) {
        sum += of(object);
      }
    }
    return sum;
  }

  /**
   * The digest of what {@code delta} makes of {@code base}, from that of {@code base}: only the
   * objects that the delta touches are looked at.
   */
  public static long after(long digest, Inventory base, SnapshotDelta delta) {
    long sum = digest;
    for (Section section : Section.values()) {
      List<? extends Resource> changed = delta.changed().of(section);
      Set<String> touched = new HashSet<>(delta.removed().getOrDefault(section, List.of()));
      changed.forEach(object -> touched.add(object.meta().uid()));
      if (!touched.isEmpty()) {
        sum += sumOf(changed) - sumOf(base.of(section), touched);
      }
    }
    return sum;
  }

  private static long sumOf(List<? extends Resource> objects) {
    return objects.stream().mapToLong(ContentDigest::of).sum();
  }

  private static long sumOf(List<? extends Resource> objects, Set<String> uids) {
    return objects.stream()
        .filter(object -> uids.contains(object.meta().uid()))
        .mapToLong(ContentDigest::of)
        .sum();
  }

  /** One object's share of the sum. */
  public static long of(Resource object) {
    String hash = object.meta().hash();
    String text =
        object.section().wireName()
            + '\0'
            + object.meta().uid()
            + '\0'
            + (hash == null ? "" : hash);
    long state = FNV_OFFSET;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      state = (state ^ (b & 0xff)) * FNV_PRIME;
    }
    return state;
  }

  /** As it travels: 16 lower-case hexadecimal digits. */
  public static String text(long digest) {
    return HexFormat.of().toHexDigits(digest);
  }

  /** The number that {@link #text} printed; {@link NumberFormatException} for any other text. */
  public static long parse(String text) {
    return Long.parseUnsignedLong(text, 16);
  }
}
