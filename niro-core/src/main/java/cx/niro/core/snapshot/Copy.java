package cx.niro.core.snapshot;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Defensive copies for records that are also decoded: absent becomes empty and null members are
 * left out.
 */
final class Copy {
  private Copy() {}

  static <T> List<T> list(@Nullable List<T> source) {
    return source == null ? List.of() : source.stream().filter(Objects::nonNull).toList();
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
