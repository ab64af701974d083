package cx.niro.agent.testkit;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The objects of a {@link FakeKubernetes}, by collection path ({@code /api/v1/pods}), with one
 * resource version for all and a history that watches read. Every method may be called by any
 * thread.
 */
final class FakeObjects {
  /** One change; {@code before} is null for an added object, {@code after} for a deleted one. */
  record Change(
      long version, String collection, @Nullable JsonObject before, @Nullable JsonObject after) {}

  private final Map<String, TreeMap<String, JsonObject>> collections = new TreeMap<>();
  private final List<Change> history = new ArrayList<>();
  private long version = 1000;
  private long compacted = 1000;
  private long uids;

  synchronized long version() {
    return version;
  }

  /** Forgets the history, so that a watch from any version before now is answered 410. */
  synchronized void compact() {
    version++;
    compacted = version;
    history.clear();
  }

  synchronized boolean isCompacted(long since) {
    return since < compacted;
  }

  synchronized List<JsonObject> list(String collection, Predicate<JsonObject> wanted) {
    return collections.getOrDefault(collection, new TreeMap<>()).values().stream()
        .filter(wanted)
        .map(JsonObject::deepCopy)
        .toList();
  }

  synchronized @Nullable JsonObject get(String collection, @Nullable String ns, String name) {
    JsonObject found = collections.getOrDefault(collection, new TreeMap<>()).get(key(ns, name));
    return found == null ? null : found.deepCopy();
  }

  /** Creates or replaces; uid and creation are kept from the present object, or made. */
  synchronized JsonObject put(String collection, @Nullable String ns, JsonObject given) {
    JsonObject object = given.deepCopy();
    JsonObject meta = object.getAsJsonObject("metadata");
    if (ns != null) {
      meta.addProperty("namespace", ns);
    }
    String key = key(ns, meta.get("name").getAsString());
    TreeMap<String, JsonObject> all =
        collections.computeIfAbsent(collection, path -> new TreeMap<>());
    JsonObject before = all.get(key);
    identify(meta, before == null ? null : before.getAsJsonObject("metadata"));
    meta.addProperty("resourceVersion", Long.toString(++version));
    all.put(key, object);
    record(new Change(version, collection, before, object));
    return object.deepCopy();
  }

  synchronized @Nullable JsonObject delete(String collection, @Nullable String ns, String name) {
    JsonObject before = collections.getOrDefault(collection, new TreeMap<>()).remove(key(ns, name));
    if (before != null) {
      JsonObject last = before.deepCopy();
      last.getAsJsonObject("metadata").addProperty("resourceVersion", Long.toString(++version));
      record(new Change(version, collection, last, null));
    }
    return before;
  }

  /** Changes after {@code since}; waits up to {@code millis} while there are none. */
  synchronized List<Change> after(long since, long millis) throws InterruptedException {
    if (version <= since && millis > 0) {
      wait(millis);
    }
    return history.stream().filter(change -> change.version() > since).toList();
  }

  /** Wakes everybody who waits in {@link #after}. */
  synchronized void wake() {
    notifyAll();
  }

  /** RFC 7386. */
  static JsonElement merge(@Nullable JsonElement target, JsonElement patch) {
    if (!patch.isJsonObject()) {
      return patch;
    }
    JsonObject merged =
        target != null && target.isJsonObject()
            ? target.getAsJsonObject().deepCopy()
            : new JsonObject();
    patch
        .getAsJsonObject()
        .entrySet()
        .forEach(
            member -> {
              if (member.getValue().isJsonNull()) {
                merged.remove(member.getKey());
              } else {
                merged.add(member.getKey(), merge(merged.get(member.getKey()), member.getValue()));
              }
            });
    return merged;
  }

  static JsonObject parse(String json) {
    return JsonParser.parseString(json).getAsJsonObject();
  }

  private void identify(JsonObject meta, @Nullable JsonObject before) {
    String created = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    adopt(meta, before, "uid", "00000000-0000-4000-8000-%012x".formatted(++uids));
    adopt(meta, before, "creationTimestamp", created);
  }

  private static void adopt(
      JsonObject meta, @Nullable JsonObject before, String member, String made) {
    if (before != null && before.has(member)) {
      meta.add(member, before.get(member));
    } else if (!meta.has(member)) {
      meta.addProperty(member, made);
    }
  }

  private void record(Change change) {
    history.add(change);
    notifyAll();
  }

  private static String key(@Nullable String ns, String name) {
    return ns == null ? name : ns + "/" + name;
  }
}
