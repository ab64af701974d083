package cx.niro.agent.kubernetes;

import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import cx.niro.core.snapshot.Resource;
import cx.niro.core.snapshot.SectionStatus;
import cx.niro.core.snapshot.SectionStatus.State;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the objects of one kind: lists them in pages, then watches, and lists anew when the history
 * ran out. Objects are turned into records one by one as they arrive, so neither a list nor a page
 * is ever in memory as JSON.
 *
 * <p>{@link #round} runs on one thread at a time; everything else may be called by any thread.
 */
final class Reflector<T extends Resource> {
  private static final Logger log = LoggerFactory.getLogger(Reflector.class);
  private static final int PAGE = 250;
  private static final SectionStatus NOT_YET =
      new SectionStatus(State.ERROR, null, 0, "not listed yet");

  private final ApiServer server;
  private final WatchedKind<T> kind;
  private final Runnable onChange;
  private final CompletableFuture<Void> settled = new CompletableFuture<>();
  private final Map<String, String> unreadable = new ConcurrentHashMap<>();
  private volatile Map<String, T> objects = new ConcurrentHashMap<>();
  private volatile SectionStatus failure = NOT_YET;
  private volatile boolean healthy;
  private volatile boolean forbidden;

  private @Nullable String version;
  private int failures;

  /**
   * @param onChange run after each change, on the thread of {@link #round}
   */
  Reflector(ApiServer server, WatchedKind<T> kind, Runnable onChange) {
    this.server = server;
    this.kind = kind;
    this.onChange = onChange;
  }

  WatchedKind<T> kind() {
    return kind;
  }

  /** What is known, also while the API server cannot be reached. */
  Collection<T> objects() {
    return objects.values();
  }

  SectionStatus status() {
    int total = objects.size() + unreadable.size();
    if (!healthy) {
      return new SectionStatus(failure.state(), total, 0, failure.reason());
    }
    String worst = unreadable.values().stream().findFirst().orElse(null);
    return worst == null
        ? new SectionStatus(State.COMPLETE, total, 0, null)
        : new SectionStatus(State.PARTIAL, total, unreadable.size(), kind.name() + ": " + worst);
  }

  /** Whether the last round was refused for want of a permission. */
  boolean wasForbidden() {
    return forbidden;
  }

  /** Completes when the first list has come, or has failed. */
  CompletableFuture<Void> settled() {
    return settled;
  }

  /**
   * Lists if need be, and watches until the watch ends; returns after how many milliseconds to call
   * it again.
   */
  long round(double drawn) {
    try {
      if (version == null) {
        version = list();
        succeeded();
      }
      watch(Pace.watchSeconds(drawn));
      return Pace.afterWatch(drawn);
    } catch (ApiFailure e) {
      return refused(e, drawn);
    } catch (IOException | RuntimeException e) {
      failures++;
      return failed(String.valueOf(e.getMessage()), Pace.afterFailure(failures, drawn));
    } finally {
      settled.complete(null);
      onChange.run();
    }
  }

  private void succeeded() {
    forbidden = false;
    failures = 0;
    if (!healthy) {
      healthy = true;
      log.info("reading {} ({})", kind.name(), objects.size());
      onChange.run();
    }
    settled.complete(null);
  }

  private long refused(ApiFailure e, double drawn) {
    failures++;
    if (e.isGone()) {
      version = null;
      log.debug("the history of {} ran out, listing anew", kind.name());
      return Pace.afterGone(drawn);
    }
    if (e.isForbidden()) {
      forbidden = true;
      forget();
      return failed("forbidden: " + e.getMessage(), Pace.afterRefusal(drawn));
    }
    if (e.isAbsent()) {
      forget();
      healthy = false;
      failure = new SectionStatus(State.OFF, null, 0, kind.path() + " is not served here");
      return Pace.afterAbsence(drawn);
    }
    if (!e.isPassing()) {
      version = null;
    }
    long pause = Math.max(Pace.afterFailure(failures, drawn), e.retryAfterSeconds() * 1000L);
    return failed("HTTP " + e.code() + ": " + e.getMessage(), pause);
  }

  private void forget() {
    version = null;
    objects = new ConcurrentHashMap<>();
    unreadable.clear();
  }

  /** One broken watch may be chance: the next round tells. */
  private long failed(String reason, long pause) {
    if (failures == 1 && version != null) {
      return pause;
    }
    if (healthy || failures == 1) {
      log.warn("cannot read {}: {}", kind.name(), reason);
    }
    failure = new SectionStatus(State.ERROR, null, 0, Json.clip(reason, Json.MESSAGE));
    healthy = false;
    return pause;
  }

  private String list() throws IOException {
    Map<String, T> fresh = new ConcurrentHashMap<>();
    unreadable.clear();
    Page page = new Page(null, "");
    do {
      ApiRequest request = request().with("limit", Integer.toString(PAGE));
      if (!page.next().isEmpty()) {
        request = request.with("continue", page.next());
      }
      page = server.read(request, answer -> readPage(answer, fresh));
    } while (!page.next().isEmpty());
    objects = fresh;
    onChange.run();
    String listed = page.version();
    if (listed == null) {
      throw new IOException("the list of " + kind.name() + " has no resourceVersion");
    }
    return listed;
  }

  private record Page(@Nullable String version, String next) {}

  private Page readPage(JsonReader answer, Map<String, T> fresh) throws IOException {
    Page page = new Page(null, "");
    answer.beginObject();
    while (answer.hasNext()) {
      String member = answer.nextName();
      if (member.equals("metadata")) {
        Json meta = Json.of(JsonParser.parseReader(answer));
        String next = meta.text("continue", Integer.MAX_VALUE);
        page = new Page(meta.text("resourceVersion"), next == null ? "" : next);
      } else if (member.equals("items") && answer.peek() == JsonToken.BEGIN_ARRAY) {
        readItems(answer, fresh);
      } else {
        answer.skipValue();
      }
    }
    answer.endObject();
    return page;
  }

  private void readItems(JsonReader answer, Map<String, T> fresh) throws IOException {
    answer.beginArray();
    while (answer.hasNext()) {
      keep(Json.of(JsonParser.parseReader(answer)), fresh);
    }
    answer.endArray();
  }

  private void watch(int seconds) throws IOException {
    ApiRequest request =
        request()
            .with("watch", "1")
            .with("allowWatchBookmarks", "true")
            .with("timeoutSeconds", Integer.toString(seconds))
            .with("resourceVersion", String.valueOf(version));
    server.stream(request, Duration.ofSeconds(seconds + 30L), this::readEvents);
  }

  private boolean readEvents(JsonReader answer) throws IOException {
    answer.setStrictness(Strictness.LENIENT);
    succeeded();
    while (answer.peek() != JsonToken.END_DOCUMENT) {
      Json event = Json.of(JsonParser.parseReader(answer));
      take(String.valueOf(event.text("type")), event.child("object"));
    }
    return true;
  }

  private void take(String type, Json object) throws IOException {
    if (type.equals("ERROR")) {
      throw new ApiFailure(object.counter("code"), object.text("message", Json.MESSAGE), 0);
    }
    String seen = object.child("metadata").text("resourceVersion");
    if (type.equals("ADDED") || type.equals("MODIFIED")) {
      keep(object, objects);
    } else if (type.equals("DELETED")) {
      String uid = String.valueOf(object.child("metadata").text("uid"));
      objects.remove(uid);
      unreadable.remove(uid);
    }
    version = seen == null ? version : seen;
    if (!type.equals("BOOKMARK")) {
      onChange.run();
    }
  }

  /** An object that reads as before stays the same instance. */
  private void keep(Json object, Map<String, T> store) {
    String uid = String.valueOf(object.child("metadata").text("uid"));
    try {
      T read = kind.mapper().apply(object);
      unreadable.remove(uid);
      T before = objects.get(uid);
      if (read == null) {
        store.remove(uid);
      } else {
        store.put(uid, read.equals(before) ? before : read);
      }
    } catch (RuntimeException e) {
      store.remove(uid);
      unreadable.put(uid, String.valueOf(e.getMessage()));
    }
  }

  private ApiRequest request() {
    ApiRequest request = ApiRequest.get(kind.path());
    return kind.fieldSelector().isEmpty()
        ? request
        : request.with("fieldSelector", kind.fieldSelector());
  }
}
