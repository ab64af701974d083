package cx.niro.server.http;

/** Finds the first byte that cannot be UTF-8, piece by piece (RFC 3629, section 4). */
final class Utf8Check {
  private static final int LOWEST = 0x80;
  private static final int HIGHEST = 0xBF;

  private long count;
  private int missing;
  private int low = LOWEST;
  private int high = HIGHEST;

  /** Its offset from the beginning of all pieces; -1 when there is none so far. */
  long firstBad(byte[] piece, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      int next = piece[i] & 0xff;
      if (!(missing == 0 ? begins(next) : goesOn(next))) {
        return count;
      }
      count++;
    }
    return -1;
  }

  private boolean goesOn(int next) {
    boolean fits = next >= low && next <= high;
    missing--;
    low = LOWEST;
    high = HIGHEST;
    return fits;
  }

  /** Neither longer than needed, nor a surrogate, nor beyond U+10FFFF. */
  private boolean begins(int next) {
    if (next < LOWEST) {
      return true;
    }
    missing = next < 0xE0 ? 1 : next < 0xF0 ? 2 : 3;
    low = next == 0xE0 ? 0xA0 : next == 0xF0 ? 0x90 : LOWEST;
    high = next == 0xED ? 0x9F : next == 0xF4 ? 0x8F : HIGHEST;
    return next >= 0xC2 && next <= 0xF4;
  }
}
