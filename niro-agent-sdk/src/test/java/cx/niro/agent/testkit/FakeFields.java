package cx.niro.agent.testkit;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Fields of an object in the words of {@code fieldsV1}: {@code f:name} is a member, {@code k:{…}}
 * an element that has a name. A list whose elements have no names is one field; so is an empty
 * object.
 */
final class FakeFields {
  private static final Set<String> IDENTITY =
      Set.of(
          "name",
          "namespace",
          "uid",
          "resourceVersion",
          "creationTimestamp",
          "generation",
          "managedFields");

  private FakeFields() {}

  /** The fields that can be owned: not identity, and not status. */
  static Set<List<String>> of(JsonObject object) {
    Set<List<String>> fields = new LinkedHashSet<>();
    for (Map.Entry<String, JsonElement> member : object.entrySet()) {
      if (member.getKey().equals("metadata")) {
        JsonObject meta = member.getValue().getAsJsonObject().deepCopy();
        IDENTITY.forEach(meta::remove);
        if (meta.size() > 0) {
          collect(meta, List.of("f:metadata"), fields);
        }
      } else if (!Set.of("apiVersion", "kind", "status").contains(member.getKey())) {
        collect(member.getValue(), List.of("f:" + member.getKey()), fields);
      }
    }
    return fields;
  }

  private static void collect(JsonElement value, List<String> path, Set<List<String>> into) {
    if (value instanceof JsonObject object && object.size() > 0) {
      object.entrySet().forEach(m -> collect(m.getValue(), plus(path, "f:" + m.getKey()), into));
    } else if (value instanceof JsonArray list && isNamed(list)) {
      list.forEach(element -> collect(element, plus(path, key(element)), into));
    } else {
      into.add(path);
    }
  }

  private static boolean isNamed(JsonArray list) {
    for (JsonElement element : list) {
      if (!(element instanceof JsonObject object) || !object.has("name")) {
        return false;
      }
    }
    return list.size() > 0;
  }

  private static String key(JsonElement element) {
    JsonObject key = new JsonObject();
    key.add("name", element.getAsJsonObject().get("name"));
    return "k:" + key;
  }

  private static List<String> plus(List<String> path, String step) {
    List<String> more = new ArrayList<>(path);
    more.add(step);
    return more;
  }

  static @Nullable JsonElement value(@Nullable JsonElement object, List<String> path) {
    JsonElement at = object;
    for (String step : path) {
      at = at == null ? null : child(at, step);
    }
    return at;
  }

  private static @Nullable JsonElement child(JsonElement at, String step) {
    if (at instanceof JsonObject object && step.startsWith("f:")) {
      return object.get(step.substring(2));
    }
    if (at instanceof JsonArray list && step.startsWith("k:")) {
      for (JsonElement element : list) {
        if (element instanceof JsonObject named && named.has("name") && key(named).equals(step)) {
          return element;
        }
      }
    }
    return null;
  }

  static void set(JsonObject object, List<String> path, JsonElement value) {
    JsonElement at = object;
    for (int i = 0; i < path.size() - 1; i++) {
      JsonElement next = child(at, path.get(i));
      if (next == null || next.isJsonPrimitive() || next.isJsonNull()) {
        next = path.get(i + 1).startsWith("k:") ? new JsonArray() : new JsonObject();
        put(at, path.get(i), next);
      }
      at = next;
    }
    put(at, path.get(path.size() - 1), value.deepCopy());
  }

  private static void put(JsonElement into, String step, JsonElement value) {
    if (into instanceof JsonArray list) {
      JsonElement key = JsonParser.parseString(step.substring(2));
      key.getAsJsonObject()
          .entrySet()
          .forEach(m -> value.getAsJsonObject().add(m.getKey(), m.getValue()));
      list.add(value);
    } else {
      into.getAsJsonObject().add(step.substring(2), value);
    }
  }

  /** Removes a field, and what is empty without it. */
  static void remove(JsonObject object, List<String> path) {
    for (int size = path.size(); size > 0; size--) {
      JsonElement parent = value(object, path.subList(0, size - 1));
      String step = path.get(size - 1);
      if (parent instanceof JsonObject members) {
        members.remove(step.substring(2));
      } else if (parent instanceof JsonArray list) {
        list.remove(child(list, step));
      }
      boolean empty =
          (parent instanceof JsonObject rest && rest.size() == 0)
              || (parent instanceof JsonArray none && none.isEmpty());
      if (!empty) {
        return;
      }
    }
  }

  /** As {@code fieldsV1} is written. */
  static JsonObject tree(Set<List<String>> fields) {
    JsonObject tree = new JsonObject();
    for (List<String> field : fields) {
      JsonObject at = tree;
      for (String step : field) {
        if (!at.has(step)) {
          at.add(step, new JsonObject());
        }
        at = at.getAsJsonObject(step);
      }
    }
    return tree;
  }

  static Set<List<String>> read(JsonObject tree) {
    Set<List<String>> fields = new LinkedHashSet<>();
    read(tree, List.of(), fields);
    return fields;
  }

  private static void read(JsonObject tree, List<String> path, Set<List<String>> into) {
    if (tree.size() == 0 && !path.isEmpty()) {
      into.add(path);
    }
    tree.entrySet()
        .forEach(m -> read(m.getValue().getAsJsonObject(), plus(path, m.getKey()), into));
  }

  /** As error messages name it, for example {@code .data.colour}. */
  static String shown(List<String> path) {
    StringBuilder text = new StringBuilder();
    for (String step : path) {
      if (step.startsWith("f:")) {
        text.append('.').append(step.substring(2));
      } else {
        String name =
            JsonParser.parseString(step.substring(2)).getAsJsonObject().get("name").getAsString();
        text.append("[name=\"").append(name).append("\"]");
      }
    }
    return text.toString();
  }
}
