package cx.niro.agent.testkit;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.function.Predicate;

/** Namespace, {@code fieldSelector} and {@code labelSelector} of a list or watch. */
final class FakeSelectors {
  private FakeSelectors() {}

  static Predicate<JsonObject> of(FakeRequestPath path) {
    Predicate<JsonObject> wanted =
        object ->
            path.namespace() == null || path.namespace().equals(at(object, "metadata.namespace"));
    for (String term : path.query().getOrDefault("fieldSelector", "").split(",")) {
      wanted = wanted.and(field(term));
    }
    for (String term : path.query().getOrDefault("labelSelector", "").split(",")) {
      wanted = wanted.and(label(term));
    }
    return wanted;
  }

  private static Predicate<JsonObject> field(String term) {
    String[] sides = term.split("!?==?", 2);
    if (sides.length < 2) {
      return object -> true;
    }
    return object -> at(object, sides[0]).equals(sides[1]) != term.contains("!=");
  }

  private static Predicate<JsonObject> label(String term) {
    String[] sides = term.split("=", 2);
    if (term.isEmpty()) {
      return object -> true;
    }
    return object -> {
      JsonObject labels = object.getAsJsonObject("metadata").getAsJsonObject("labels");
      JsonElement value = labels == null ? null : labels.get(sides[0]);
      return value != null && (sides.length < 2 || value.getAsString().equals(sides[1]));
    };
  }

  /** The text at a dotted path, or empty. */
  static String at(JsonObject object, String path) {
    JsonElement value = object;
    for (String step : path.split("\\.")) {
      if (!value.isJsonObject() || !value.getAsJsonObject().has(step)) {
        return "";
      }
      value = value.getAsJsonObject().get(step);
    }
    return value.getAsString();
  }
}
