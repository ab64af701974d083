package cx.niro.agent.testkit;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a {@link FakeKubernetes} answers. */
final class FakeApi {
  record Answer(int code, String body) {}

  /** The rest of a list at the version of its first page. */
  private record Rest(long version, List<JsonObject> items) {}

  /** Kinds whose status is written through the status subresource only. */
  private static final Set<String> STATUS_APART =
      Set.of("nodes", "pods", "deployments", "statefulsets", "daemonsets", "replicasets", "jobs");

  private final FakeObjects objects;
  private final FakeApply apply;
  private final FakeRbac rbac;
  private final FakeLogs logs = new FakeLogs();
  private final Map<String, Rest> rests = new ConcurrentHashMap<>();
  private final AtomicLong tokens = new AtomicLong();
  private final AtomicInteger watches = new AtomicInteger();
  private final AtomicInteger bookmarks = new AtomicInteger();
  private final AtomicInteger breaks = new AtomicInteger();
  private volatile boolean metricsServed;

  FakeApi(FakeObjects objects, FakeRbac rbac) {
    this.objects = objects;
    this.apply = new FakeApply(objects);
    this.rbac = rbac;
  }

  void serveMetrics(boolean served) {
    metricsServed = served;
  }

  void expireContinueTokens() {
    rests.clear();
  }

  void sendBookmarks() {
    bookmarks.incrementAndGet();
    objects.wake();
  }

  void breakWatches() {
    breaks.incrementAndGet();
    objects.wake();
  }

  int watches() {
    return watches.get();
  }

  Answer answer(HttpExchange exchange, @Nullable FakeRequestPath path, String body) {
    String plain = exchange.getRequestURI().getPath();
    if (plain.equals("/version")) {
      return new Answer(200, "{\"major\":\"1\",\"minor\":\"34\",\"gitVersion\":\"v1.34.2+k3s1\"}");
    }
    if (plain.equals("/readyz")) {
      return new Answer(200, "ok");
    }
    JsonObject served = FakeApply.discovery(plain);
    if (served != null) {
      return new Answer(200, served.toString());
    }
    if (path == null) {
      throw FakeFailure.notServed();
    }
    if (path.resource().equals("selfsubjectaccessreviews")) {
      return new Answer(201, review(FakeObjects.parse(body)).toString());
    }
    String method = exchange.getRequestMethod();
    check(path, path.verb(method));
    return switch (method) {
      case "GET" -> new Answer(200, path.name() == null ? list(path) : read(path).toString());
      case "POST" -> new Answer(201, create(path, FakeObjects.parse(body)).toString());
      case "PUT" -> new Answer(200, replace(path, FakeObjects.parse(body)).toString());
      case "PATCH" -> new Answer(200, patch(path, exchange, body).toString());
      case "DELETE" -> new Answer(200, remove(path, body).toString());
      default -> throw new FakeFailure(405, "MethodNotAllowed", "the server does not allow this");
    };
  }

  FakeLogs logs() {
    return logs;
  }

  /** Throws what is answered in place of a log. */
  String openLog(FakeRequestPath path) {
    check(path, "get");
    return logs.find(path, read(path));
  }

  /** Throws what is answered in place of a watch. */
  void openWatch(FakeRequestPath path) {
    check(path, "watch");
  }

  void watch(FakeRequestPath path, OutputStream out) throws IOException {
    watches.incrementAndGet();
    try {
      stream(path, out);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      watches.decrementAndGet();
    }
  }

  private void stream(FakeRequestPath path, OutputStream out)
      throws IOException, InterruptedException {
    String seconds = path.query().getOrDefault("timeoutSeconds", "1800");
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.parseLong(seconds));
    long seen = Long.parseLong(path.query().getOrDefault("resourceVersion", "0"));
    int broken = breaks.get();
    int marked = bookmarks.get();
    Predicate<JsonObject> wanted = FakeSelectors.of(path);
    if (objects.isCompacted(seen)) {
      write(out, "ERROR", FakeFailure.tooOld(seen, objects.version()).status());
      return;
    }
    out.flush();
    while (System.nanoTime() < end) {
      List<FakeObjects.Change> changes = objects.after(seen, 100);
      if (breaks.get() != broken) {
        throw new IOException("cut by the test");
      }
      for (FakeObjects.Change change : changes) {
        seen = change.version();
        if (change.collection().equals(path.collection())) {
          send(out, change, wanted);
        }
      }
      if (bookmarks.get() != marked && path.query().containsKey("allowWatchBookmarks")) {
        marked = bookmarks.get();
        write(out, "BOOKMARK", bookmark(path, objects.version()));
      }
    }
  }

  private static void send(
      OutputStream out, FakeObjects.Change change, Predicate<JsonObject> wanted)
      throws IOException {
    JsonObject after = change.after();
    JsonObject before = change.before();
    boolean was = before != null && wanted.test(before);
    boolean is = after != null && wanted.test(after);
    if (is && after != null) {
      write(out, was ? "MODIFIED" : "ADDED", after);
    } else if (was && before != null) {
      JsonObject last = before.deepCopy();
      last.getAsJsonObject("metadata")
          .addProperty("resourceVersion", Long.toString(change.version()));
      write(out, "DELETED", last);
    }
  }

  private static JsonObject bookmark(FakeRequestPath path, long version) {
    FakeKind kind = FakeKind.at(path.collection());
    JsonObject object = new JsonObject();
    object.addProperty("kind", kind.kind());
    object.addProperty("apiVersion", kind.apiVersion());
    JsonObject meta = new JsonObject();
    meta.addProperty("resourceVersion", Long.toString(version));
    object.add("metadata", meta);
    return object;
  }

  private static void write(OutputStream out, String type, JsonObject object) throws IOException {
    JsonObject event = new JsonObject();
    event.addProperty("type", type);
    event.add("object", object);
    out.write((event + "\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private void check(FakeRequestPath path, String verb) {
    String resource = FakeRbac.qualified(path.resourceAndSubresource(), path.group());
    if (!rbac.allows(verb, path.resourceAndSubresource()) || !rbac.allows(verb, resource)) {
      throw new FakeFailure(403, "Forbidden", FakeRbac.message(path, verb));
    }
    if (path.group().equals("metrics.k8s.io") && !metricsServed) {
      throw FakeFailure.notServed();
    }
    FakeKind.at(path.collection());
  }

  private JsonObject review(JsonObject review) {
    JsonObject asked = review.getAsJsonObject("spec").getAsJsonObject("resourceAttributes");
    String resource = asked.get("resource").getAsString();
    if (asked.has("subresource") && asked.get("subresource").isJsonPrimitive()) {
      resource += "/" + asked.get("subresource").getAsString();
    }
    JsonObject status = new JsonObject();
    status.addProperty("allowed", rbac.allows(asked.get("verb").getAsString(), resource));
    review.add("status", status);
    return review;
  }

  private String list(FakeRequestPath path) {
    String token = path.query().getOrDefault("continue", "");
    Rest rest =
        token.isEmpty()
            ? new Rest(objects.version(), objects.list(path.collection(), FakeSelectors.of(path)))
            : rests.remove(token);
    if (rest == null) {
      throw FakeFailure.expired();
    }
    int limit = Integer.parseInt(path.query().getOrDefault("limit", "0"));
    int size = limit == 0 ? rest.items().size() : Math.min(limit, rest.items().size());
    JsonObject meta = new JsonObject();
    meta.addProperty("resourceVersion", Long.toString(rest.version()));
    if (size < rest.items().size()) {
      List<JsonObject> later = rest.items().subList(size, rest.items().size());
      String next = "page-" + tokens.incrementAndGet();
      rests.put(next, new Rest(rest.version(), later));
      meta.addProperty("continue", next);
      meta.addProperty("remainingItemCount", later.size());
    }
    return page(FakeKind.at(path.collection()), meta, rest.items().subList(0, size));
  }

  private static String page(FakeKind kind, JsonObject meta, List<JsonObject> items) {
    JsonArray bare = new JsonArray();
    for (JsonObject item : items) {
      item.remove("kind");
      item.remove("apiVersion");
      bare.add(item);
    }
    JsonObject list = new JsonObject();
    list.addProperty("kind", kind.kind() + "List");
    list.addProperty("apiVersion", kind.apiVersion());
    list.add("metadata", meta);
    list.add("items", bare);
    return list.toString();
  }

  private JsonObject read(FakeRequestPath path) {
    JsonObject found = objects.get(path.collection(), path.namespace(), name(path));
    if (found == null) {
      throw FakeFailure.notFound(path);
    }
    return found;
  }

  private JsonObject create(FakeRequestPath path, JsonObject object) {
    String name = object.getAsJsonObject("metadata").get("name").getAsString();
    if (objects.get(path.collection(), path.namespace(), name) != null) {
      String resource = FakeRbac.qualified(path.resource(), path.group());
      throw new FakeFailure(409, "AlreadyExists", resource + " \"" + name + "\" already exists");
    }
    if (STATUS_APART.contains(path.resource()) && !path.resource().equals("nodes")) {
      object.remove("status");
    }
    if (path.resource().equals("pods")) {
      object.add("status", FakeObjects.parse("{'phase':'Pending'}"));
    }
    FakeOwners.updated(null, object, manager(path));
    return objects.put(path.collection(), path.namespace(), object);
  }

  private static String manager(FakeRequestPath path) {
    return path.query().getOrDefault("fieldManager", "unknown");
  }

  private JsonObject replace(FakeRequestPath path, JsonObject object) {
    return store(path, read(path), object);
  }

  private JsonObject patch(FakeRequestPath path, HttpExchange exchange, String body) {
    String type = exchange.getRequestHeaders().getFirst("Content-Type");
    if ("application/apply-patch+yaml".equals(type)) {
      return apply.apply(path, FakeObjects.parse(body));
    }
    if (type == null || !type.startsWith("application/merge-patch+json")) {
      throw new FakeFailure(415, "UnsupportedMediaType", "FakeKubernetes knows no " + type);
    }
    JsonObject present = read(path);
    JsonObject merged = FakeObjects.merge(present, FakeObjects.parse(body)).getAsJsonObject();
    return store(path, present, merged);
  }

  private JsonObject store(FakeRequestPath path, JsonObject present, JsonObject next) {
    String version = FakeSelectors.at(next, "metadata.resourceVersion");
    if (!version.isEmpty()
        && !version.equals(FakeSelectors.at(present, "metadata.resourceVersion"))) {
      throw new FakeFailure(
          409,
          "Conflict",
          "Operation cannot be fulfilled on %s \"%s\": the object has been modified; please apply your changes to the latest version and try again"
              .formatted(FakeRbac.qualified(path.resource(), path.group()), path.name()));
    }
    JsonObject stored = next;
    if ("status".equals(path.subresource())) {
      stored = present.deepCopy();
      stored.add("status", next.get("status"));
    } else if (STATUS_APART.contains(path.resource()) && present.has("status")) {
      stored = next.deepCopy();
      stored.add("status", present.get("status"));
    }
    FakeOwners.updated(present, stored, manager(path));
    return objects.put(path.collection(), path.namespace(), stored);
  }

  private JsonObject remove(FakeRequestPath path, String body) {
    FakeApply.checkUid(body, read(path));
    JsonObject gone = objects.delete(path.collection(), path.namespace(), name(path));
    if (gone == null) {
      throw FakeFailure.notFound(path);
    }
    return gone;
  }

  private static String name(FakeRequestPath path) {
    String name = path.name();
    if (name == null) {
      throw new FakeFailure(405, "MethodNotAllowed", "the server does not allow this");
    }
    return name;
  }
}
