package cx.niro.core.internal;

import com.squareup.moshi.JsonWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value of no declared type: written as what it is, read as map, list, text, Boolean, Long or
 * Double. Unlike a record's null component, a map's null value is written.
 */
final class Dynamic implements Form<Object> {
  private final FormTable table;

  Dynamic(FormTable table) {
    this.table = table;
  }

  @Override
  public Object read(JsonInput in) throws IOException {
    return switch (in.peek()) {
      case BEGIN_OBJECT -> map(in);
      case BEGIN_ARRAY -> list(in);
      case BOOLEAN -> in.bool();
      case NUMBER -> in.anyNumber();
      default -> table.of(String.class).read(in);
    };
  }

  private Map<String, @Nullable Object> map(JsonInput in) throws IOException {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    in.beginObject();
    while (in.hasNext()) {
      String name = in.memberName();
      if (map.containsKey(name)) {
        throw in.bad("is there twice");
      }
      map.put(name, in.nextNull() ? null : read(in));
    }
    in.endObject();
    return map;
  }

  private List<@Nullable Object> list(JsonInput in) throws IOException {
    List<@Nullable Object> list = new ArrayList<>();
    in.beginArray();
    while (in.hasNext()) {
      list.add(in.nextNull() ? null : read(in));
    }
    in.endArray();
    return list;
  }

  @Override
  public void write(JsonWriter out, Object value) throws IOException {
    if (value instanceof Map<?, ?> map) {
      writeMap(out, map);
    } else if (value instanceof Iterable<?> elements) {
      out.beginArray();
      for (Object element : elements) {
        writeNullable(out, element);
      }
      out.endArray();
    } else {
      table.ofValue(value).write(out, value);
    }
  }

  private void writeMap(JsonWriter out, Map<?, ?> map) throws IOException {
    out.beginObject();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      out.name(table.nameOfKey(entry.getKey()));
      writeNullable(out, entry.getValue());
    }
    out.endObject();
  }

  private void writeNullable(JsonWriter out, @Nullable Object value) throws IOException {
    if (value == null) {
      out.nullValue();
    } else {
      write(out, value);
    }
  }
}
