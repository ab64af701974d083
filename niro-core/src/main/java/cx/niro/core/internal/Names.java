package cx.niro.core.internal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The known member names of a record, found by their bytes without making a text of them. */
final class Names {
  private final String[] names;
  private final byte[][] bytes;
  private final int[] slots;

  private Names(String[] names) {
    this.names = names;
    this.bytes = new byte[names.length][];
    this.slots = new int[Integer.highestOneBit(Math.max(1, names.length)) * 4];
    Arrays.fill(slots, -1);
    for (int i = 0; i < names.length; i++) {
      bytes[i] = names[i].getBytes(StandardCharsets.UTF_8);
      slots[freeSlot(hash(bytes[i], 0, bytes[i].length))] = i;
    }
  }

  static Names of(String... names) {
    return new Names(names.clone());
  }

  private int freeSlot(int hash) {
    int slot = hash & (slots.length - 1);
    while (slots[slot] >= 0) {
      slot = (slot + 1) & (slots.length - 1);
    }
    return slot;
  }

  private static int hash(byte[] source, int from, int to) {
    int length = to - from;
    return length == 0
        ? 0
        : source[from] * 31 + source[to - 1] * 7 + source[from + length / 2] + length;
  }

  String name(int index) {
    return names[index];
  }

  /** The index of the name in these bytes; the one after {@code last} is tried first. */
  int find(byte[] source, int from, int to, int last) {
    int guess = last + 1;
    if (guess < bytes.length && is(guess, source, from, to)) {
      return guess;
    }
    int slot = hash(source, from, to) & (slots.length - 1);
    while (slots[slot] >= 0) {
      if (is(slots[slot], source, from, to)) {
        return slots[slot];
      }
      slot = (slot + 1) & (slots.length - 1);
    }
    return -1;
  }

  private boolean is(int index, byte[] source, int from, int to) {
    byte[] name = bytes[index];
    return Arrays.equals(name, 0, name.length, source, from, to);
  }

  /** The same for a name that was written with escapes. */
  int find(String name) {
    return Arrays.asList(names).indexOf(name);
  }
}
