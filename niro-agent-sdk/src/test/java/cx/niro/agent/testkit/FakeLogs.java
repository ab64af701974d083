package cx.niro.agent.testkit;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The logs of containers, as a kubelet gives them to the API server. */
final class FakeLogs {
  private static final String PREVIOUS = " (previous)";

  private final Map<String, List<byte[]>> logs = new HashMap<>();
  private final Set<String> ended = new HashSet<>();
  private final AtomicInteger followers = new AtomicInteger();
  private int breaks;

  synchronized void add(String pod, String container, byte[] bytes) {
    logs.computeIfAbsent(pod + "/" + container, key -> new ArrayList<>()).add(bytes);
    notifyAll();
  }

  /** What was written so far is the previous run's from now on; whoever follows is at the end. */
  synchronized void restart(String pod, String container) {
    String key = pod + "/" + container;
    List<byte[]> before = logs.remove(key);
    logs.put(key + PREVIOUS, before == null ? List.of() : before);
    ended.add(key);
    notifyAll();
  }

  synchronized void breakAll() {
    breaks++;
    notifyAll();
  }

  int followers() {
    return followers.get();
  }

  /** The key of the log that is asked for; throws what is answered in its place. */
  synchronized String find(FakeRequestPath path, JsonObject pod) {
    List<String> containers = new ArrayList<>();
    JsonObject spec = pod.getAsJsonObject("spec");
    for (JsonElement each :
        spec == null ? List.<JsonElement>of() : spec.getAsJsonArray("containers")) {
      containers.add(each.getAsJsonObject().get("name").getAsString());
    }
    String asked = path.query().get("container");
    if (asked == null && containers.size() != 1) {
      throw bad(
          "a container name must be specified for pod %s, choose one of: %s"
              .formatted(path.name(), containers));
    }
    String container = asked == null ? containers.get(0) : asked;
    if (!containers.contains(container)) {
      throw bad("container %s is not valid for pod %s".formatted(container, path.name()));
    }
    String key = path.namespace() + "/" + path.name() + "/" + container;
    if (!"true".equals(path.query().get("previous"))) {
      return key;
    }
    if (!logs.containsKey(key + PREVIOUS)) {
      throw bad(
          "previous terminated container \"%s\" in pod \"%s\" not found"
              .formatted(container, path.name()));
    }
    return key + PREVIOUS;
  }

  private static FakeFailure bad(String message) {
    return new FakeFailure(400, "BadRequest", message);
  }

  void stream(FakeRequestPath path, String key, OutputStream out) throws IOException {
    boolean follow = "true".equals(path.query().get("follow"));
    String tail = path.query().get("tailLines");
    int size = now(key).size();
    int next = tail == null ? 0 : Math.max(0, size - Integer.parseInt(tail));
    followers.incrementAndGet();
    try {
      copy(key, next, follow, out);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      followers.decrementAndGet();
    }
  }

  private void copy(String key, int from, boolean follow, OutputStream out)
      throws IOException, InterruptedException {
    int next = from;
    List<byte[]> more = after(key, next, false);
    while (more != null) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      for (byte[] line : more) {
        bytes.write(line);
      }
      out.write(bytes.toByteArray());
      out.flush();
      next += more.size();
      more = follow ? after(key, next, true) : null;
    }
  }

  private synchronized List<byte[]> now(String key) {
    return List.copyOf(logs.getOrDefault(key, List.of()));
  }

  /** Null at the end. */
  private synchronized @Nullable List<byte[]> after(String key, int next, boolean wait)
      throws IOException, InterruptedException {
    int broken = breaks;
    while (wait && !ended.contains(key) && now(key).size() <= next) {
      wait();
      if (breaks != broken) {
        throw new IOException("cut by the test");
      }
    }
    List<byte[]> all = now(key);
    if (wait && ended.contains(key) && all.size() <= next) {
      return null;
    }
    return all.subList(Math.min(next, all.size()), all.size());
  }
}
