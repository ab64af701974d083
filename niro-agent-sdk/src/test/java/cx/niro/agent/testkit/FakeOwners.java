package cx.niro.agent.testkit;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who owns which fields of one object: {@code managedFields}, and what a write does to them. */
final class FakeOwners {
  private record Owner(String manager, String operation) {}

  private final Map<Owner, Set<List<String>>> owners = new LinkedHashMap<>();
  private final JsonArray before = new JsonArray();

  private FakeOwners(@Nullable JsonObject object) {
    JsonElement list =
        object == null ? null : object.getAsJsonObject("metadata").get("managedFields");
    for (JsonElement each : list instanceof JsonArray array ? array : new JsonArray()) {
      JsonObject entry = each.getAsJsonObject();
      owners.put(
          new Owner(entry.get("manager").getAsString(), entry.get("operation").getAsString()),
          FakeFields.read(entry.getAsJsonObject("fieldsV1")));
      before.add(entry);
    }
  }

  /** Notes in {@code after} who wrote what differs from {@code before}. */
  static void updated(@Nullable JsonObject before, JsonObject after, String manager) {
    FakeOwners owners = new FakeOwners(before);
    Set<List<String>> now = FakeFields.of(after);
    Owner writer = new Owner(manager, "Update");
    owners.owners.values().forEach(fields -> fields.retainAll(now));
    for (List<String> field : now) {
      JsonElement was = FakeFields.value(before, field);
      if (!Objects.equals(was, FakeFields.value(after, field))) {
        owners.owners.values().forEach(fields -> fields.remove(field));
        owners.owners.computeIfAbsent(writer, any -> new LinkedHashSet<>()).add(field);
      }
    }
    owners.write(after);
  }

  /** Server-side apply: what the object is afterwards. */
  static JsonObject apply(
      @Nullable JsonObject live, JsonObject wanted, String manager, boolean force) {
    FakeOwners owners = new FakeOwners(live);
    Owner us = new Owner(manager, "Apply");
    Set<List<String>> fields = FakeFields.of(wanted);
    JsonArray conflicts = new JsonArray();
    JsonObject result = live == null ? wanted.deepCopy() : live.deepCopy();
    for (List<String> field : fields) {
      JsonElement value = Objects.requireNonNull(FakeFields.value(wanted, field));
      if (live != null && !value.equals(FakeFields.value(live, field))) {
        owners.contest(us, field, conflicts);
        FakeFields.set(result, field, value);
      }
    }
    if (!conflicts.isEmpty() && !force) {
      throw FakeFailure.conflict(conflicts);
    }
    Set<List<String>> dropped = new LinkedHashSet<>(owners.owners.getOrDefault(us, Set.of()));
    dropped.removeAll(fields);
    owners.owners.put(us, fields);
    dropped.stream()
        .filter(field -> owners.owners.values().stream().noneMatch(o -> o.contains(field)))
        .forEach(field -> FakeFields.remove(result, field));
    owners.write(result);
    return result;
  }

  /** Takes the field from the others, and notes that. */
  private void contest(Owner us, List<String> field, JsonArray conflicts) {
    for (Map.Entry<Owner, Set<List<String>>> other : owners.entrySet()) {
      if (!other.getKey().equals(us) && other.getValue().remove(field)) {
        JsonObject cause = new JsonObject();
        cause.addProperty("reason", "FieldManagerConflict");
        cause.addProperty("message", "conflict with \"" + other.getKey().manager() + "\"");
        cause.addProperty("field", FakeFields.shown(field));
        conflicts.add(cause);
      }
    }
  }

  /** The time of an entry that did not change stays. */
  private String timeOf(JsonObject entry, String now) {
    for (JsonElement each : before) {
      JsonObject old = each.getAsJsonObject().deepCopy();
      JsonElement time = old.remove("time");
      if (old.equals(entry)) {
        return time.getAsString();
      }
    }
    return now;
  }

  private void write(JsonObject object) {
    JsonArray list = new JsonArray();
    for (Map.Entry<Owner, Set<List<String>>> owner : owners.entrySet()) {
      if (owner.getValue().isEmpty()) {
        continue;
      }
      JsonObject entry = new JsonObject();
      entry.addProperty("manager", owner.getKey().manager());
      entry.addProperty("operation", owner.getKey().operation());
      String now = Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
      entry.addProperty("fieldsType", "FieldsV1");
      entry.add("fieldsV1", FakeFields.tree(owner.getValue()));
      entry.addProperty("time", timeOf(entry, now));
      list.add(entry);
    }
    object.getAsJsonObject("metadata").add("managedFields", list);
  }
}
