package cx.niro.core.protocol;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An absent list on the wire is an empty one, and its null members are left out. */
final class Absent {
  private Absent() {}

  static <T> List<T> list(@Nullable List<T> source) {
    return source == null ? List.of() : source.stream().filter(Objects::nonNull).toList();
  }
}
