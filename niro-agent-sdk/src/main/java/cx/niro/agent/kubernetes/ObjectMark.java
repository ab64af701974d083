package cx.niro.agent.kubernetes;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import cx.niro.agent.kubernetes.FieldOwners.Owner;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A mark of one live object that changes when somebody changes what a manifest may want: the values
 * of all fields that have an owner. Left out is what is never drift: status, what is written
 * through other subresources as {@code scale}, annotations that are not ours, and fields that
 * nobody owns, which the API server filled in.
 */
final class ObjectMark {
  private final StringBuilder said = new StringBuilder();

  private ObjectMark() {}

  static String of(Json object) {
    Json meta = object.child("metadata");
    String kind = String.valueOf(object.text("kind"));
    Set<String> parts = new TreeSet<>();
    if (kind.equals("Secret") || !meta.has("managedFields")) {
      parts.add(withoutValues(meta));
    } else {
      FieldOwners.of(object.tree()).all().stream()
          .filter(owner -> owner.subresource().isEmpty())
          .forEach(owner -> parts.add(valuesOf(owner, object.tree())));
    }
    return Hashes.of(meta.text("uid") + " " + meta.text("deletionTimestamp") + " " + parts);
  }

  /** Who wrote when: of a Secret nothing may be learned, not even by trying. */
  private static String withoutValues(Json meta) {
    StringBuilder said = new StringBuilder();
    said.append(meta.text("generation"));
    said.append(meta.child("labels").tree()).append(meta.child("annotations").tree());
    meta.list("managedFields", entry -> "status".equals(entry.text("subresource")) ? null : entry)
        .forEach(
            entry ->
                said.append(entry.text("manager"))
                    .append(entry.text("operation"))
                    .append(entry.text("time")));
    return said.toString();
  }

  private static String valuesOf(Owner owner, JsonObject live) {
    ObjectMark mark = new ObjectMark();
    mark.said.append(owner.manager());
    JsonObject fields = owner.isUs() ? owner.fields() : withoutAnnotations(owner.fields());
    if (!FieldOwners.isLeaf(fields)) {
      mark.add(fields, live);
    }
    return mark.said.toString();
  }

  private static JsonObject withoutAnnotations(JsonObject fields) {
    JsonObject rest = fields.deepCopy();
    if (rest.get("f:metadata") instanceof JsonObject metadata) {
      metadata.remove("f:annotations");
      if (FieldOwners.isLeaf(metadata)) {
        rest.remove("f:metadata");
      }
    }
    return rest;
  }

  private void add(JsonObject fields, @Nullable JsonElement value) {
    if (FieldOwners.isLeaf(fields)) {
      said.append(value);
      return;
    }
    said.append('{');
    for (Map.Entry<String, JsonElement> entry : fields.entrySet()) {
      String key = entry.getKey();
      said.append(key);
      if (entry.getValue() instanceof JsonObject below) {
        add(below, key.equals(".") ? isThere(value) : FieldOwners.find(key, value));
      }
    }
    said.append('}');
  }

  /** Of the map or list itself it only counts whether it is there. */
  private static @Nullable JsonElement isThere(@Nullable JsonElement value) {
    return value == null ? null : new JsonArray();
  }
}
