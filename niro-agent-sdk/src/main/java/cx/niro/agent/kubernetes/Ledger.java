package cx.niro.agent.kubernetes;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import cx.niro.core.managed.ObjectRef;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a deployment has put into the cluster, and its newest revision; kept in a ConfigMap beside
 * the agent, so that it outlives the agent. Written before the first change and after the last.
 */
final class Ledger {
  /**
   * One object.
   *
   * @param uid null while it is about to be applied: then it is ours only if it says so itself
   */
  record Entry(ObjectRef ref, @Nullable String uid) {}

  /**
   * @param revision 0 when there never was one
   */
  record Page(long revision, List<Entry> entries) {
    Page {
      entries = List.copyOf(entries);
    }
  }

  /** Another agent wrote since {@link #read}. */
  static final class Contested extends IOException {
    private static final long serialVersionUID = 1L;

    Contested(String name, IOException cause) {
      super(
          "cannot keep the list of objects in ConfigMap "
              + name
              + ": another agent has written it in between",
          cause);
    }
  }

  /** A newer revision has been here, or came in between. */
  static final class Overtaken extends IOException {
    private static final long serialVersionUID = 1L;

    Overtaken(long revision, long newest) {
      super("revision " + revision + " is older than " + newest + ", which was here already");
    }
  }

  /** The label of all lists. */
  static final String LABEL = "niro.cx/managed";

  private static final String PREFIX = "niro-managed-";
  private static final int TRIES = 3;

  private final ObjectCalls calls;
  private final String collection;
  private final String name;
  private @Nullable String version;

  Ledger(ObjectCalls calls, String namespace, String deployment) {
    this.calls = calls;
    this.collection = "/api/v1/namespaces/" + namespace + "/configmaps";
    this.name = PREFIX + deployment;
  }

  Page read() throws IOException {
    Json map = calls.read(collection + "/" + name);
    version = map == null ? null : map.child("metadata").text("resourceVersion");
    return map == null ? new Page(0, List.of()) : page(map);
  }

  /** The deployment whose list a ConfigMap is. */
  static String deploymentOf(Json map) {
    String name = String.valueOf(map.child("metadata").text("name"));
    return name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
  }

  static Page page(Json map) throws IOException {
    Json data = map.child("data");
    String revision = data.text("revision");
    try {
      return new Page(
          revision == null ? 0 : Long.parseLong(revision),
          entries(data.text("objects", Integer.MAX_VALUE)));
    } catch (NumberFormatException | JsonParseException e) {
      throw new IOException(
          "ConfigMap " + PREFIX + deploymentOf(map) + " is not as this agent wrote it", e);
    }
  }

  /**
   * Why an apply of this revision must end: a newer one has begun, or the deployment was deleted.
   * Null when it may go on, also where the list cannot be read now.
   */
  @Nullable String overtaken(long revision) {
    try {
      Json map = calls.read(collection + "/" + name);
      if (map == null) {
        return version == null ? null : "the deployment was deleted meanwhile";
      }
      long newest = page(map).revision();
      return newest > revision ? "revision " + newest + " has begun meanwhile" : null;
    } catch (IOException e) {
      return null;
    }
  }

  /**
   * Writes over what another agent wrote that applies the same revision, because both come to the
   * same; what an older one has added since {@code during} stays.
   *
   * @throws Contested when it was about another revision
   */
  void writeOver(Page after, Page during) throws IOException {
    Page next = after;
    for (int tries = 1; ; tries++) {
      try {
        write(next);
        return;
      } catch (Contested e) {
        Page now = read();
        if (tries == TRIES || now.revision() != after.revision()) {
          throw e;
        }
        List<Entry> added = new ArrayList<>(now.entries());
        added.removeIf(entry -> names(during, entry));
        next = joined(after, added);
      }
    }
  }

  /**
   * Adds what was put into the cluster before it was seen that a newer revision had begun, so that
   * the next apply removes it.
   */
  void add(List<Entry> made, long revision) throws IOException {
    for (int tries = 1; ; tries++) {
      Page now = read();
      try {
        write(joined(new Page(Math.max(now.revision(), revision), now.entries()), made));
        return;
      } catch (Contested e) {
        if (tries == TRIES) {
          throw e;
        }
      }
    }
  }

  private static Page joined(Page page, List<Entry> more) {
    List<Entry> all = new ArrayList<>(page.entries());
    more.stream().filter(entry -> !names(page, entry)).forEach(all::add);
    return new Page(page.revision(), all);
  }

  private static boolean names(Page page, Entry entry) {
    String key = ManagedParts.key(entry.ref());
    return page.entries().stream().anyMatch(other -> ManagedParts.key(other.ref()).equals(key));
  }

  /**
   * Replaces what {@link #read} read.
   *
   * @throws Contested when somebody else has written since
   */
  void write(Page page) throws IOException {
    JsonObject meta = new JsonObject();
    JsonObject map = new JsonObject();
    JsonObject data = new JsonObject();
    data.addProperty("revision", Long.toString(page.revision()));
    data.addProperty("objects", text(page.entries()));
    map.add("metadata", meta);
    map.add("data", data);
    ApiRequest request = ApiRequest.mergePatch(collection + "/" + name, map);
    if (version == null) {
      map.addProperty("apiVersion", "v1");
      map.addProperty("kind", "ConfigMap");
      meta.addProperty("name", name);
      JsonObject labels = new JsonObject();
      labels.addProperty("app.kubernetes.io/part-of", "niro");
      labels.addProperty(LABEL, "true");
      meta.add("labels", labels);
      request = ApiRequest.post(collection, map);
    } else {
      meta.addProperty("resourceVersion", version);
    }
    try {
      version = new Json(calls.patiently(request)).child("metadata").text("resourceVersion");
    } catch (ApiFailure e) {
      throw explained(e);
    }
  }

  /** Nothing is left of the deployment. */
  void remove() throws IOException {
    Json map = calls.read(collection + "/" + name);
    String uid = map == null ? null : map.child("metadata").text("uid");
    if (uid != null) {
      calls.delete(collection + "/" + name, uid);
    }
  }

  private IOException explained(ApiFailure e) {
    return e.isConflict()
        ? new Contested(name, e)
        : new IOException(
            "cannot keep the list of objects in ConfigMap " + name + ": " + e.getMessage(), e);
  }

  private static List<Entry> entries(@Nullable String text) {
    List<Entry> entries = new ArrayList<>();
    JsonElement list = JsonParser.parseString(text == null ? "[]" : text);
    for (JsonElement element : list instanceof JsonArray array ? array : new JsonArray()) {
      Json entry = Json.of(element);
      String apiVersion = entry.text("apiVersion");
      String kind = entry.text("kind");
      String name = entry.text("name");
      if (apiVersion != null && kind != null && name != null) {
        ObjectRef ref = new ObjectRef(apiVersion, kind, entry.text("namespace"), name);
        entries.add(new Entry(ref, entry.text("uid")));
      }
    }
    return entries;
  }

  private static String text(Collection<Entry> entries) {
    JsonArray list = new JsonArray();
    for (Entry entry : entries) {
      JsonObject object = new JsonObject();
      object.addProperty("apiVersion", entry.ref().apiVersion());
      object.addProperty("kind", entry.ref().kind());
      object.addProperty("namespace", entry.ref().namespace());
      object.addProperty("name", entry.ref().name());
      object.addProperty("uid", entry.uid());
      list.add(object);
    }
    return list.toString();
  }
}
