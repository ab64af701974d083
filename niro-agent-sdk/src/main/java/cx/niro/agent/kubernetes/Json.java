package cx.niro.agent.kubernetes;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object that is read with doubt: what is absent, or of another type than asked for, is null
 * or empty, and text is never longer than asked for.
 */
record Json(JsonObject tree) {
  static final int NAME = 253;
  static final int MESSAGE = 256;

  static Json of(@Nullable JsonElement element) {
    return new Json(
        element != null && element.isJsonObject() ? element.getAsJsonObject() : new JsonObject());
  }

  boolean has(String member) {
    JsonElement value = tree.get(member);
    return value != null && !value.isJsonNull();
  }

  boolean isEmpty() {
    return tree.size() == 0;
  }

  Set<String> members() {
    return tree.keySet();
  }

  /** The object at {@code member}, empty when there is none. */
  Json child(String member) {
    return of(tree.get(member));
  }

  /** What {@code reader} makes of the object at {@code member}; null when there is no object. */
  <T> @Nullable T child(String member, Function<Json, @Nullable T> reader) {
    JsonElement value = tree.get(member);
    return value != null && value.isJsonObject() ? reader.apply(of(value)) : null;
  }

  /** What {@code reader} makes of each object in the list; what it makes null of is left out. */
  <T> List<T> list(String member, Function<Json, @Nullable T> reader) {
    List<T> read = new ArrayList<>();
    for (JsonElement element : elements(member)) {
      T value = element.isJsonObject() ? reader.apply(of(element)) : null;
      if (value != null) {
        read.add(value);
      }
    }
    return read;
  }

  List<String> texts(String member) {
    List<String> texts = new ArrayList<>();
    for (JsonElement element : elements(member)) {
      if (element.isJsonPrimitive()) {
        texts.add(clip(element.getAsString(), NAME));
      }
    }
    return texts;
  }

  int size(String member) {
    JsonElement value = tree.get(member);
    return value != null && value.isJsonArray() ? value.getAsJsonArray().size() : 0;
  }

  @Nullable String text(String member) {
    return text(member, NAME);
  }

  @Nullable String text(String member, int max) {
    JsonElement value = tree.get(member);
    return value != null && value.isJsonPrimitive() ? clip(value.getAsString(), max) : null;
  }

  /** Text that an object cannot be without. */
  String name(String member) {
    String text = text(member, NAME + 1);
    if (text == null || text.isEmpty() || text.length() > NAME) {
      throw new IllegalArgumentException(member + " is missing or too long");
    }
    return text;
  }

  @Nullable Boolean flag(String member) {
    JsonElement value = tree.get(member);
    boolean given =
        value != null && value.isJsonPrimitive() && value.getAsJsonPrimitive().isBoolean();
    return given ? Boolean.valueOf(value.getAsBoolean()) : null;
  }

  @Nullable Long number(String member) {
    JsonElement value = tree.get(member);
    if (value == null || !value.isJsonPrimitive() || !value.getAsJsonPrimitive().isNumber()) {
      return null;
    }
    try {
      return Long.valueOf(value.getAsString());
    } catch (NumberFormatException e) {
      return null;
    }
  }

  @Nullable Integer integer(String member) {
    Long number = number(member);
    return number == null || number.intValue() != number
        ? null
        : Integer.valueOf(number.intValue());
  }

  /** A counter that Kubernetes leaves out when it is zero. */
  int counter(String member) {
    Integer count = integer(member);
    return count == null ? 0 : count;
  }

  /** An RFC 3339 instant as epoch milliseconds. */
  @Nullable Long instant(String member) {
    String text = text(member);
    if (text == null) {
      return null;
    }
    try {
      return OffsetDateTime.parse(text).toInstant().toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      return null;
    }
  }

  static String clip(String text, int max) {
    if (text.length() <= max) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(max - 1)) ? max - 1 : max;
    return text.substring(0, end);
  }

  private Iterable<JsonElement> elements(String member) {
    JsonElement value = tree.get(member);
    return value != null && value.isJsonArray() ? value.getAsJsonArray() : List.of();
  }
}
