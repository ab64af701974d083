package cx.niro.core.incident;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A few numbers for each key that a rule wants back at its next evaluation, for example the
 * restarts of one container. They survive restarts of the server. What is not remembered again is
 * forgotten, unless a section that the rule reads is not complete. For one thread, during one
 * evaluation.
 */
public final class RuleMemory {
  /** Keys of one rule and cluster. */
  public static final int MAX_KEYS = 4_000;

  /** Numbers of one key. */
  public static final int MAX_NUMBERS = 32;

  private final Map<Long, List<Long>> before;
  private final Map<Long, List<Long>> after = new TreeMap<>();

  RuleMemory(Map<Long, List<Long>> before) {
    this.before = before;
  }

  /** The numbers of the last evaluation that remembered this key; empty for none. */
  public List<Long> recall(String key) {
    return before.getOrDefault(Hash64.of(key), List.of());
  }

  /** False, and nothing is kept, when {@link #MAX_KEYS} others are remembered already. */
  public boolean remember(String key, List<Long> numbers) {
    if (numbers.size() > MAX_NUMBERS) {
      throw new IllegalArgumentException(
          "at most " + MAX_NUMBERS + " numbers to a key, but were " + numbers.size());
    }
    long hash = Hash64.of(key);
    if (after.size() >= MAX_KEYS && !after.containsKey(hash)) {
      return false;
    }
    after.put(hash, List.copyOf(numbers));
    return true;
  }

  /** What to store; {@code complete} forgets what was not remembered again. */
  Map<Long, List<Long>> stored(boolean complete) {
    if (!complete) {
      before.forEach(
          (hash, numbers) -> {
            if (after.size() < MAX_KEYS) {
              after.putIfAbsent(hash, numbers);
            }
          });
    }
    return after;
  }
}
