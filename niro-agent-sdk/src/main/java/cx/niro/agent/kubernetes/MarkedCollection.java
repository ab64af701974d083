package cx.niro.agent.kubernetes;

import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * For the objects of one collection that somebody wants to know of: a mark that changes when
 * anybody changes what a manifest may want. Watched with one call an hour; where the agent may not
 * watch, and for Secrets, each object is read twice an hour.
 *
 * <p>{@link #round} runs on one thread at a time; everything else may be called by any thread.
 */
final class MarkedCollection {
  private static final String GONE = "gone";
  private static final int WATCH_SECONDS = 3_400;
  private static final long POLL_MILLIS = 1_800_000;
  private static final int PAGE = 250;

  private final ApiServer server;
  private final String path;
  private final Runnable onChange;
  private final Set<String> wanted = ConcurrentHashMap.newKeySet();
  private final Map<String, String> marks = new ConcurrentHashMap<>();
  private volatile boolean complete;
  private volatile boolean polled;
  private volatile boolean ended;
  private volatile Runnable endWatch = () -> {};
  private @Nullable String version;
  private int failures;

  /**
   * @param polled whether its objects are read one by one, and never listed
   */
  MarkedCollection(ApiServer server, String path, boolean polled, Runnable onChange) {
    this.server = server;
    this.path = path;
    this.polled = polled;
    this.onChange = onChange;
  }

  /** From now on {@link #markOf} knows this object. */
  void want(String name) {
    wanted.add(name);
  }

  /** It has just been changed, or is new here: reads it where no watch tells; may block. */
  void refresh(String name) throws IOException {
    if (polled && wanted.contains(name)) {
      look(name);
    }
  }

  /** Nobody wants to know of any other object. */
  void wantOnly(Set<String> names) {
    wanted.retainAll(names);
    if (polled) {
      marks.keySet().retainAll(names);
    }
  }

  /** Nobody wants to know of any object: ends the watch, and {@link #round} is not to be called. */
  void end() {
    ended = true;
    wanted.clear();
    endWatch.run();
  }

  boolean hasEnded() {
    return ended;
  }

  /** Null while it is not known. */
  @Nullable String markOf(String name) {
    String mark = marks.get(name);
    return mark == null && complete && !polled ? GONE : mark;
  }

  /** Reads what has changed, as long as that takes; returns when to call it again, in millis. */
  long round(double drawn) {
    try {
      if (polled) {
        poll();
        return (long) (POLL_MILLIS * (1 + 0.1 * drawn));
      }
      if (version == null) {
        list();
      }
      watch((int) (WATCH_SECONDS * (1 + 0.05 * drawn)));
      return Pace.afterWatch(drawn);
    } catch (ApiFailure e) {
      return failed(e, drawn);
    } catch (IOException | RuntimeException e) {
      failures++;
      return Pace.afterFailure(failures, drawn);
    }
  }

  private long failed(ApiFailure e, double drawn) {
    failures++;
    if (e.isForbidden() || e.isAbsent()) {
      polled = true;
      return 0;
    }
    version = e.isPassing() ? version : null;
    return Math.max(Pace.afterFailure(failures, drawn), e.retryAfterSeconds() * 1000L);
  }

  private void poll() throws IOException {
    for (String name : wanted) {
      look(name);
    }
  }

  private void look(String name) throws IOException {
    try {
      keep(name, ObjectMark.of(Json.of(server.send(ApiRequest.get(path + "/" + name)))));
    } catch (ApiFailure e) {
      keep(name, e.isAbsent() ? GONE : "HTTP " + e.code());
    }
  }

  private void list() throws IOException {
    Set<String> seen = ConcurrentHashMap.newKeySet();
    String next = "";
    String listed = null;
    do {
      ApiRequest request = ApiRequest.get(path).with("limit", Integer.toString(PAGE));
      request = next.isEmpty() ? request : request.with("continue", next);
      Json page = server.read(request, answer -> readPage(answer, seen));
      listed = page.text("resourceVersion");
      String more = page.text("continue", Integer.MAX_VALUE);
      next = more == null ? "" : more;
    } while (!next.isEmpty());
    marks.keySet().removeIf(name -> !seen.contains(name));
    version = listed;
    complete = true;
    onChange.run();
  }

  /** The metadata of the page; objects are let go of as they are read. */
  private Json readPage(JsonReader answer, Set<String> seen) throws IOException {
    Json meta = Json.of(null);
    answer.beginObject();
    while (answer.hasNext()) {
      String member = answer.nextName();
      if (member.equals("metadata")) {
        meta = Json.of(JsonParser.parseReader(answer));
      } else if (member.equals("items") && answer.peek() == JsonToken.BEGIN_ARRAY) {
        readItems(answer, seen);
      } else {
        answer.skipValue();
      }
    }
    answer.endObject();
    return meta;
  }

  private void readItems(JsonReader answer, Set<String> seen) throws IOException {
    answer.beginArray();
    while (answer.hasNext()) {
      Json object = Json.of(JsonParser.parseReader(answer));
      String name = String.valueOf(object.child("metadata").text("name"));
      seen.add(name);
      keep(name, ObjectMark.of(object));
    }
    answer.endArray();
  }

  private void watch(int seconds) throws IOException {
    ApiRequest request =
        ApiRequest.get(path)
            .with("watch", "1")
            .with("allowWatchBookmarks", "true")
            .with("timeoutSeconds", Integer.toString(seconds))
            .with("resourceVersion", String.valueOf(version));
    server.stream(request, Duration.ofSeconds(seconds + 30L), this::watching, this::readEvents);
  }

  private void watching(Runnable endsIt) {
    endWatch = endsIt;
    if (ended) {
      endsIt.run();
    }
  }

  private boolean readEvents(JsonReader answer) throws IOException {
    answer.setStrictness(Strictness.LENIENT);
    failures = 0;
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
    Json meta = object.child("metadata");
    String seen = meta.text("resourceVersion");
    version = seen == null ? version : seen;
    if (!type.equals("BOOKMARK")) {
      String name = String.valueOf(meta.text("name"));
      if (type.equals("DELETED") && !wanted.contains(name)) {
        marks.remove(name);
      } else {
        keep(name, type.equals("DELETED") ? GONE : ObjectMark.of(object));
      }
    }
  }

  private void keep(String name, String mark) {
    boolean changed = !mark.equals(marks.put(name, mark));
    if (changed && wanted.contains(name)) {
      onChange.run();
    }
  }
}
