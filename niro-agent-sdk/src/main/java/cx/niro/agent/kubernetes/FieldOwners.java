package cx.niro.agent.kubernetes;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who owns which fields of a live object, read from its {@code managedFields}. */
final class FieldOwners {
  /** The field manager that this agent applies as. */
  static final String US = "niro";

  /**
   * What one manager owns.
   *
   * @param subresource empty, or for example {@code scale}
   * @param fields names as {@code f:name}, elements of lists as {@code k:{…}} or {@code v:…}
   */
  record Owner(String manager, String subresource, JsonObject fields) {
    boolean isUs() {
      return manager.equals(US);
    }
  }

  private final JsonObject live;
  private final List<Owner> owners;

  private FieldOwners(JsonObject live, List<Owner> owners) {
    this.live = live;
    this.owners = owners;
  }

  static FieldOwners of(JsonObject live) {
    List<Owner> owners =
        Json.of(live.get("metadata"))
            .list(
                "managedFields",
                entry -> {
                  String subresource = entry.text("subresource");
                  return new Owner(
                      String.valueOf(entry.text("manager")),
                      subresource == null ? "" : subresource,
                      entry.child("fieldsV1").tree());
                });
    return new FieldOwners(live, owners);
  }

  List<Owner> all() {
    return owners;
  }

  /** Everybody but us. */
  List<Owner> others() {
    return owners.stream().filter(owner -> !owner.isUs()).toList();
  }

  /** Whether we applied the field, or the list or object that it is in. */
  boolean isOurs(FieldPath path) {
    return owners.stream()
        .filter(Owner::isUs)
        .anyMatch(owner -> owns(owner.fields(), path.steps(), live));
  }

  /**
   * Somebody else who owns the field, or the list or object that it is in; null when there is
   * nobody.
   */
  @Nullable String otherOwnerOf(FieldPath path) {
    return others().stream()
        .filter(owner -> owns(owner.fields(), path.steps(), live))
        .map(Owner::manager)
        .findFirst()
        .orElse(null);
  }

  private static boolean owns(JsonObject fields, List<Object> steps, JsonElement node) {
    JsonObject here = fields;
    JsonElement at = node;
    if (isLeaf(fields)) {
      return false;
    }
    for (Object step : steps) {
      if (isLeaf(here)) {
        return true;
      }
      at = child(at, step);
      JsonObject below = step instanceof Integer ? ofElement(here, at) : childOf(here, "f:" + step);
      if (below == null) {
        return false;
      }
      here = below;
    }
    return true;
  }

  /** Owned as a whole, with whatever is in it. */
  static boolean isLeaf(JsonObject fields) {
    return fields.size() == 0;
  }

  private static @Nullable JsonElement child(@Nullable JsonElement node, Object step) {
    if (node instanceof JsonObject object && step instanceof String name) {
      return object.get(name);
    }
    if (node instanceof JsonArray array && step instanceof Integer index && index < array.size()) {
      return array.get(index);
    }
    return null;
  }

  private static @Nullable JsonObject childOf(JsonObject fields, String key) {
    return fields.get(key) instanceof JsonObject below ? below : null;
  }

  private static @Nullable JsonObject ofElement(JsonObject fields, @Nullable JsonElement element) {
    for (Map.Entry<String, JsonElement> entry : fields.entrySet()) {
      boolean here = element != null && isElement(entry.getKey(), element);
      if (here && entry.getValue() instanceof JsonObject below) {
        return below;
      }
    }
    return null;
  }

  /** What {@code key} means in a map or list; null when it is not there. */
  static @Nullable JsonElement find(String key, @Nullable JsonElement node) {
    if (node instanceof JsonObject object && key.startsWith("f:")) {
      return object.get(key.substring(2));
    }
    if (node instanceof JsonArray array) {
      for (JsonElement element : array) {
        if (isElement(key, element)) {
          return element;
        }
      }
    }
    return null;
  }

  /** Whether {@code key} ({@code k:{…}} or {@code v:…}) means this element of a list. */
  static boolean isElement(String key, JsonElement element) {
    JsonElement wanted = parsed(key);
    if (wanted == null) {
      return false;
    }
    if (key.startsWith("v:")) {
      return wanted.equals(element);
    }
    return element instanceof JsonObject object
        && wanted instanceof JsonObject members
        && members.entrySet().stream().allMatch(m -> m.getValue().equals(object.get(m.getKey())));
  }

  /** The members by which a list names its element. */
  static JsonObject keyMembers(String key) {
    return parsed(key) instanceof JsonObject members ? members : new JsonObject();
  }

  private static @Nullable JsonElement parsed(String key) {
    try {
      boolean named = key.startsWith("k:") || key.startsWith("v:");
      return named ? JsonParser.parseString(key.substring(2)) : null;
    } catch (JsonParseException e) {
      return null;
    }
  }
}
