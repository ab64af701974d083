package cx.niro.core.internal;

import com.squareup.moshi.JsonWriter;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A map; members whose key is not known are skipped. */
final class Maps<K, V> implements Form<Map<K, V>> {
  /** Keys of a map, as member names. */
  interface Keys<K> {
    /** Null when there is no such key. */
    @Nullable K parse(JsonInput in, String name);

    String print(K key);

    static <K> Keys<K> of(Function<String, @Nullable K> parse, Function<K, String> print) {
      return new Keys<>() {
        @Override
        public @Nullable K parse(JsonInput in, String name) {
          try {
            return parse.apply(name);
          } catch (IllegalArgumentException e) {
            throw in.bad("the name " + e.getMessage());
          }
        }

        @Override
        public String print(K key) {
          return print.apply(key);
        }
      };
    }
  }

  private final Keys<K> keys;
  private final Form<V> values;
  private final int max;

  Maps(Keys<K> keys, Form<V> values, int max) {
    this.keys = keys;
    this.values = values;
    this.max = max;
  }

  @Override
  public Map<K, V> read(JsonInput in) throws IOException {
    Map<K, V> map = new LinkedHashMap<>();
    in.beginObject();
    while (in.hasNext()) {
      K key = keys.parse(in, in.memberName());
      if (key == null) {
        in.skipValue();
      } else if (!in.nextNull()) {
        put(in, map, key);
      }
    }
    in.endObject();
    return map;
  }

  private void put(JsonInput in, Map<K, V> map, K key) throws IOException {
    if (map.size() == max) {
      throw in.bad("the object must have at most " + max + " members");
    }
    if (map.containsKey(key)) {
      throw in.bad("is there twice");
    }
    map.put(key, values.read(in));
  }

  @Override
  public void write(JsonWriter out, Map<K, V> map) throws IOException {
    out.beginObject();
    for (Map.Entry<K, V> entry : map.entrySet()) {
      out.name(keys.print(entry.getKey()));
      values.write(out, entry.getValue());
    }
    out.endObject();
  }

  @Override
  public Map<K, V> absent() {
    return Map.of();
  }

  @Override
  public boolean isEmpty(Map<K, V> map) {
    return map.isEmpty();
  }
}
