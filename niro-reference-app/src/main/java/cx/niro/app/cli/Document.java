package cx.niro.app.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A JSON object of the REST API, read by path: {@code "cluster.name"}. */
public record Document(Map<String, @Nullable Object> members) {
  /** The object that {@code value} is; an empty one for anything else. */
  public static Document of(@Nullable Object value) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((name, member) -> members.put(String.valueOf(name), member));
    }
    return new Document(members);
  }

  /** The value there; null when it is absent or null. */
  public @Nullable Object value(String path) {
    Object value = members;
    for (String name : path.split("\\.", -1)) {
      value = value instanceof Map<?, ?> map ? map.get(name) : null;
    }
    return value;
  }

  /** The text there, numbers written out; empty when it is absent or null. */
  public Optional<String> text(String path) {
    return Optional.ofNullable(value(path)).map(String::valueOf);
  }

  /** The text there, or {@code -}. */
  String cell(String path) {
    return text(path).orElse("-");
  }

  Optional<Long> number(String path) {
    return value(path) instanceof Number number
        ? Optional.of(number.longValue())
        : Optional.empty();
  }

  /** The objects of the list there. */
  public List<Document> documents(String path) {
    return value(path) instanceof List<?> list
        ? list.stream().map(Document::of).toList()
        : List.of();
  }

  List<String> texts(String path) {
    return value(path) instanceof List<?> list
        ? list.stream().map(String::valueOf).toList()
        : List.of();
  }
}
