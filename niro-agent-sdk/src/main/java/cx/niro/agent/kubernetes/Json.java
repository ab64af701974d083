package cx.niro.agent.kubernetes;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object that is read with doubt: what is absent, or of another type than asked for, is null
 * or empty, and text is never longer than asked for.
 *
 * @param doubts told of what is of another type; null when nobody asks
 */
record Json(JsonObject tree, @Nullable Doubts doubts) {
  static final int NAME = 253;
  static final int MESSAGE = 256;

  Json(JsonObject tree) {
    this(tree, null);
  }

  static Json of(@Nullable JsonElement element) {
    return new Json(
        element != null && element.isJsonObject() ? element.getAsJsonObject() : new JsonObject());
  }

  private Json inside(String member, @Nullable JsonElement element) {
    Doubts inner = doubts == null ? null : doubts.inside(member);
    return new Json(of(element).tree, inner);
  }

  /** The value at {@code member} if it is of the kind that is asked for; null is of none. */
  private @Nullable JsonElement value(String member, Predicate<JsonElement> isKind, String kind) {
    JsonElement value = tree.get(member);
    if (value == null || value.isJsonNull()) {
      return null;
    }
    if (isKind.test(value)) {
      return value;
    }
    doubt(member, kind);
    return null;
  }

  private void doubt(String member, String kind) {
    if (doubts != null) {
      doubts.add(member, kind);
    }
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
    return inside(member, value(member, JsonElement::isJsonObject, "an object"));
  }

  /** What {@code reader} makes of the object at {@code member}; null when there is no object. */
  <T> @Nullable T child(String member, Function<Json, @Nullable T> reader) {
    JsonElement value = value(member, JsonElement::isJsonObject, "an object");
    return value == null ? null : reader.apply(inside(member, value));
  }

  /** What {@code reader} makes of each object in the list; what it makes null of is left out. */
  <T> List<T> list(String member, Function<Json, @Nullable T> reader) {
    List<T> read = new ArrayList<>();
    for (JsonElement element : elements(member)) {
      if (!element.isJsonObject()) {
        doubt(member, "a list of objects");
        continue;
      }
      T value = reader.apply(inside(member + "[]", element));
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
      } else {
        doubt(member, "a list of texts");
      }
    }
    return texts;
  }

  int size(String member) {
    JsonElement value = value(member, JsonElement::isJsonArray, "a list");
    return value == null ? 0 : value.getAsJsonArray().size();
  }

  @Nullable String text(String member) {
    return text(member, NAME);
  }

  @Nullable String text(String member, int max) {
    JsonElement value = value(member, JsonElement::isJsonPrimitive, "a text");
    return value == null ? null : clip(value.getAsString(), max);
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
    JsonElement value = value(member, Json::isFlag, "true or false");
    return value == null ? null : Boolean.valueOf(value.getAsBoolean());
  }

  private static boolean isFlag(JsonElement value) {
    return value.isJsonPrimitive() && value.getAsJsonPrimitive().isBoolean();
  }

  private static boolean isNumber(JsonElement value) {
    return value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber();
  }

  @Nullable Long number(String member) {
    JsonElement value = value(member, Json::isNumber, "a whole number");
    try {
      return value == null ? null : Long.valueOf(value.getAsString());
    } catch (NumberFormatException e) {
      doubt(member, "a whole number");
      return null;
    }
  }

  @Nullable Integer integer(String member) {
    Long number = number(member);
    if (number == null || number.intValue() == number) {
      return number == null ? null : Integer.valueOf(number.intValue());
    }
    doubt(member, "a number of 32 bits");
    return null;
  }

  /** A counter that Kubernetes leaves out when it is zero. */
  int counter(String member) {
    Integer count = integer(member);
    return count == null ? 0 : count;
  }

  /** A quantity counted in ones. */
  @Nullable Long units(String member) {
    return amount(member, Quantity.units(text(member)));
  }

  /** A quantity in thousandths. */
  @Nullable Long millis(String member) {
    return amount(member, Quantity.millis(text(member)));
  }

  private @Nullable Long amount(String member, @Nullable Long value) {
    if (value == null && has(member)) {
      doubt(member, "an amount");
    }
    return value;
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
      doubt(member, "a time");
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
    JsonElement value = value(member, JsonElement::isJsonArray, "a list");
    return value == null ? List.of() : value.getAsJsonArray();
  }
}
