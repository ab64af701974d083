package cx.niro.server.memory;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A map of immutable values whose every write can be taken back. */
final class JournaledMap<K, V, M extends Map<K, V>> {
  private final Journal journal;
  private final M map;

  JournaledMap(Journal journal, M map) {
    this.journal = journal;
    this.map = map;
  }

  /** To read only. */
  M view() {
    return map;
  }

  @Nullable V get(K key) {
    return map.get(key);
  }

  void put(K key, V value) {
    restoreLater(key, map.put(key, value));
  }

  @Nullable V remove(K key) {
    V before = map.remove(key);
    if (before != null) {
      restoreLater(key, before);
    }
    return before;
  }

  private void restoreLater(K key, @Nullable V before) {
    journal.wrote(
        () -> {
          if (before == null) {
            map.remove(key);
          } else {
            map.put(key, before);
          }
        });
  }
}
