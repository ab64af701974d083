package cx.niro.core.internal;

import com.squareup.moshi.JsonWriter;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** An enum by its {@code wireName()}, or in lower case where it has none. */
final class Words<E extends Enum<E>> implements Form<E> {
  private final Map<String, E> byName = new LinkedHashMap<>();
  private final Map<E, String> names = new LinkedHashMap<>();

  Words(Class<E> type) {
    for (E constant : type.getEnumConstants()) {
      String name = wireName(type, constant);
      byName.put(name, constant);
      names.put(constant, name);
    }
  }

  private static String wireName(Class<?> type, Enum<?> constant) {
    try {
      Method method = type.getMethod("wireName");
      method.setAccessible(true);
      return (String) method.invoke(constant);
    } catch (NoSuchMethodException e) {
      return constant.name().toLowerCase(Locale.ROOT);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("wireName() of " + type.getName() + " failed", e);
    }
  }

  /** As keys of a map, of which unknown ones are skipped. */
  Maps.Keys<E> keys() {
    return Maps.Keys.of(byName::get, this::nameOf);
  }

  private String nameOf(E constant) {
    return String.valueOf(names.get(constant));
  }

  @Override
  public E read(JsonInput in) throws IOException {
    String name = in.string();
    E constant = byName.get(name);
    if (constant == null) {
      String shown = Texts.cutPath(name, 40);
      throw in.badRead(
          "must be one of " + String.join(", ", byName.keySet()) + " but was '" + shown + "'");
    }
    return constant;
  }

  @Override
  public void write(JsonWriter out, E value) throws IOException {
    out.value(nameOf(value));
  }
}
