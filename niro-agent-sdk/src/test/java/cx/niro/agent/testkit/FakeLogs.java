package cx.niro.agent.testkit;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The logs of containers, as a kubelet gives them to the API server. */
final class FakeLogs {
  private static final String PREVIOUS = " (previous)";

  private final Map<String, Log> logs = new ConcurrentHashMap<>();
  private final AtomicInteger followers = new AtomicInteger();
  private final AtomicInteger breaks = new AtomicInteger();

  /** What one run of a container wrote; its monitor guards it. */
  private static final class Log {
    private final List<byte[]> pieces = new ArrayList<>();
    private boolean ended;

    synchronized void add(byte[] bytes) {
      pieces.add(bytes);
      notifyAll();
    }

    synchronized void end() {
      ended = true;
      notifyAll();
    }

    synchronized void wake() {
      notifyAll();
    }

    synchronized int size() {
      return pieces.size();
    }

    /** What follows; null at the end. */
    synchronized byte @Nullable [][] after(int next, boolean wait, BooleanSupplier cut)
        throws IOException, InterruptedException {
      while (wait && !ended && pieces.size() <= next) {
        if (cut.getAsBoolean()) {
          throw new IOException("cut by the test");
        }
        wait();
      }
      boolean over = wait && pieces.size() <= next;
      return over ? null : pieces.subList(next, pieces.size()).toArray(byte[][]::new);
    }
  }

  void add(String pod, String container, byte[] bytes) {
    log(pod + "/" + container).add(bytes);
  }

  private Log log(String key) {
    return logs.computeIfAbsent(key, made -> new Log());
  }

  /** What was written so far is the previous run's from now on; whoever follows is at the end. */
  void restart(String pod, String container) {
    Log before = log(pod + "/" + container);
    logs.put(pod + "/" + container + PREVIOUS, before);
    logs.remove(pod + "/" + container);
    before.end();
  }

  void breakAll() {
    breaks.incrementAndGet();
    logs.values().forEach(Log::wake);
  }

  int followers() {
    return followers.get();
  }

  /** The key of the log that is asked for; throws what is answered in its place. */
  String find(FakeRequestPath path, JsonObject pod) {
    List<String> containers = new ArrayList<>();
    JsonObject spec = pod.getAsJsonObject("spec");
    if (spec != null) {
      for (JsonElement each : spec.getAsJsonArray("containers")) {
        containers.add(each.getAsJsonObject().get("name").getAsString());
      }
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
    Log log = log(key);
    int from = tail == null ? 0 : Math.max(0, log.size() - Integer.parseInt(tail));
    followers.incrementAndGet();
    try {
      copy(log, from, follow, out);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      followers.decrementAndGet();
    }
  }

  private void copy(Log log, int from, boolean follow, OutputStream out)
      throws IOException, InterruptedException {
    int broken = breaks.get();
    BooleanSupplier cut = () -> breaks.get() != broken;
    int next = from;
    byte[][] more = log.after(next, false, cut);
    while (more != null) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      for (byte[] piece : more) {
        bytes.write(piece);
      }
      out.write(bytes.toByteArray());
      out.flush();
      next += more.length;
      more = follow ? log.after(next, true, cut) : null;
    }
  }
}
