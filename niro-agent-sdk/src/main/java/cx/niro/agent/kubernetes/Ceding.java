package cx.niro.agent.kubernetes;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import cx.niro.agent.kubernetes.FieldOwners.Owner;
import cx.niro.core.managed.CededField;
import cx.niro.core.managed.ObjectRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A manifest without the fields that are somebody else's by agreement: what a scale client owns,
 * certificates that somebody else puts into webhooks, and everything of the managers that the
 * deployment names.
 */
final class Ceding {
  /**
   * What is left to apply.
   *
   * @param fields what was taken out
   */
  record Ceded(JsonObject manifest, List<CededField> fields) {}

  private static final String CERTIFICATE = "caBundle";

  private static final Set<Stage> CERTIFIED = Set.of(Stage.DEFINITIONS, Stage.EXTENSIONS);

  private final ObjectRef object;
  private final Owner owner;
  private final @Nullable String onlyField;
  private final List<CededField> fields = new ArrayList<>();

  private Ceding(ObjectRef object, Owner owner, @Nullable String onlyField) {
    this.object = object;
    this.owner = owner;
    this.onlyField = onlyField;
  }

  /**
   * @param live null when the object does not exist
   */
  static Ceded of(
      ObjectRef object, JsonObject manifest, @Nullable JsonObject live, List<String> cedeTo) {
    if (live == null) {
      return new Ceded(manifest, List.of());
    }
    JsonObject rest = manifest.deepCopy();
    List<CededField> taken = new ArrayList<>();
    Set<String> named = Set.copyOf(cedeTo);
    boolean certificates = CERTIFIED.contains(Stage.of(object.apiVersion(), object.kind()));
    for (Owner owner : FieldOwners.of(live).others()) {
      boolean whole = owner.subresource().equals("scale") || named.contains(owner.manager());
      if (!whole && !certificates) {
        continue;
      }
      Ceding ceding = new Ceding(object, owner, whole ? null : CERTIFICATE);
      ceding.takeFromObject(rest, owner.fields(), FieldPath.ROOT, Set.of());
      taken.addAll(ceding.fields);
    }
    return new Ceded(rest, List.copyOf(taken));
  }

  private void takeFromObject(
      JsonObject target, JsonObject owned, FieldPath path, Set<String> protectedMembers) {
    for (Map.Entry<String, JsonElement> entry : owned.entrySet()) {
      String name = entry.getKey().startsWith("f:") ? entry.getKey().substring(2) : "";
      boolean ours = target.has(name) && !protectedMembers.contains(name);
      if (ours && entry.getValue() instanceof JsonObject below) {
        takeMember(target, name, below, path.member(name));
      }
    }
  }

  private void takeMember(JsonObject target, String name, JsonObject owned, FieldPath path) {
    JsonElement value = target.get(name);
    if (FieldOwners.isLeaf(owned)) {
      take(() -> target.remove(name), path);
    } else if (value instanceof JsonObject object && object.size() > 0) {
      takeFromObject(object, owned, path, Set.of());
      if (object.size() == 0) {
        target.remove(name);
      }
    } else if (value instanceof JsonArray list) {
      takeFromList(list, owned, path);
    }
  }

  private void takeFromList(JsonArray list, JsonObject owned, FieldPath path) {
    for (Map.Entry<String, JsonElement> entry : owned.entrySet()) {
      for (int i = list.size() - 1; i >= 0; i--) {
        JsonElement element = list.get(i);
        int index = i;
        if (!FieldOwners.isElement(entry.getKey(), element)) {
          continue;
        }
        if (element instanceof JsonObject object && entry.getValue() instanceof JsonObject below) {
          Set<String> keys = FieldOwners.keyMembers(entry.getKey()).keySet();
          takeFromObject(object, below, path.element(i), keys);
        } else {
          take(() -> list.remove(index), path.element(i));
        }
      }
    }
  }

  private void take(Runnable removal, FieldPath path) {
    if (onlyField == null || onlyField.equals(path.lastMember())) {
      removal.run();
      fields.add(new CededField(object, path.toString(), owner.manager()));
    }
  }
}
