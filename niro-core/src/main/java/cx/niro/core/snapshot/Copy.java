package cx.niro.core.snapshot;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Defensive copies for records that are also decoded: absent becomes empty and null members are
 * left out.
 */
final class Copy {
  private Copy() {}

  /** An immutable list is its own copy, so what a delta leaves alone stays the same instance. */
  static <T> List<T> list(@Nullable List<T> source) {
    if (source == null) {
      return List.of();
    }
    for (T member : source) {
      if (member == null) {
        return source.stream().filter(Objects::nonNull).collect(Collectors.toUnmodifiableList());
      }
    }
    return List.copyOf(source);
  }

  static <K, V> Map<K, V> map(@Nullable Map<K, V> source) {
    if (source == null || source.isEmpty()) {
      return Map.of();
    }
    Map<K, V> copy = new LinkedHashMap<>(source);
    copy.values().removeIf(Objects::isNull);
    return Collections.unmodifiableMap(copy);
  }
}
