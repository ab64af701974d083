package cx.niro.core.internal;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Short texts that come again and again, such as {@code True} or a namespace, as one instance. Each
 * place holds the last text that fell on it, so that nobody can fill the table.
 */
final class SharedTexts {
  private static final int PLACES = 1 << 14;
  private static final int LONGEST = 40;

  private static final AtomicReferenceArray<String> TEXTS = new AtomicReferenceArray<>(PLACES);

  private SharedTexts() {}

  /** The text in these ASCII bytes. */
  static String of(byte[] source, int from, int to) {
    int length = to - from;
    if (length > LONGEST) {
      return new String(source, from, length, StandardCharsets.ISO_8859_1);
    }
    int hash = length;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + source[i];
    }
    int place = (hash ^ (hash >>> 15)) & (PLACES - 1);
    String known = TEXTS.getAcquire(place);
    if (known != null && is(known, source, from, length)) {
      return known;
    }
    String made = new String(source, from, length, StandardCharsets.ISO_8859_1);
    TEXTS.setRelease(place, made);
    return made;
  }

  private static boolean is(String known, byte[] source, int from, int length) {
    if (known.length() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (known.charAt(i) != source[from + i]) {
        return false;
      }
    }
    return true;
  }
}
