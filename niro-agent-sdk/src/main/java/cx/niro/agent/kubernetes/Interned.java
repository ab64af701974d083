package cx.niro.agent.kubernetes;

import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.WeakHashMap;

/** One instance for equal values, as long as somebody holds it. Safe for use by any thread. */
final class Interned<T> {
  private final Map<T, WeakReference<T>> known = new WeakHashMap<>();

  synchronized T of(T value) {
    WeakReference<T> reference = known.get(value);
    T present = reference == null ? null : reference.get();
    if (present != null) {
      return present;
    }
    known.put(value, new WeakReference<>(value));
    return value;
  }
}
