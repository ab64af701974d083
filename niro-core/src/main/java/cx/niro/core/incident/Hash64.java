package cx.niro.core.incident;

/** FNV-1a over the characters of a text: short keys for what detection remembers. */
final class Hash64 {
  private Hash64() {}

  static long of(String text) {
    long state = 0xcbf29ce484222325L;
    for (int i = 0; i < text.length(); i++) {
      state = (state ^ text.charAt(i)) * 0x100000001b3L;
    }
    return state;
  }
}
