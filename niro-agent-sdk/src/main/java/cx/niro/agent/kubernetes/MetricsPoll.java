package cx.niro.agent.kubernetes;

import com.google.gson.JsonParser;
import com.google.gson.stream.JsonReader;
import cx.niro.core.snapshot.Inventory;
import cx.niro.core.snapshot.Node;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.SectionStatus;
import cx.niro.core.snapshot.SectionStatus.State;
import cx.niro.core.snapshot.Usage;
import cx.niro.core.snapshot.Usage.Columns;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Figures of the metrics API, asked for once a minute. {@link #run} runs on one thread at a time;
 * the rest may be called by any thread.
 */
final class MetricsPoll implements Runnable {
  private static final String API = "/apis/metrics.k8s.io/v1beta1/";

  /** What one poll gave; containers are keyed by {@code namespace/pod}, then name. */
  private record Figures(
      @Nullable Long observedAt,
      Map<String, Amounts> nodes,
      Map<String, Map<String, Amounts>> containers) {
    static final Figures NONE = new Figures(null, Map.of(), Map.of());
  }

  private record Amounts(long cpuMillis, long memoryBytes) {}

  private final ApiServer server;
  private final boolean pods;
  private volatile Figures figures = Figures.NONE;
  private volatile SectionStatus status = new SectionStatus(State.ERROR, null, 0, "not asked yet");

  MetricsPoll(ApiServer server, boolean pods) {
    this.server = server;
    this.pods = pods;
  }

  SectionStatus status() {
    return status;
  }

  @Override
  public void run() {
    try {
      poll();
      status = SectionStatus.COMPLETE;
    } catch (ApiFailure e) {
      figures = Figures.NONE;
      status =
          e.isAbsent()
              ? new SectionStatus(State.OFF, null, 0, "the metrics API is not served here")
              : error(e.isForbidden() ? "forbidden: " + e.getMessage() : e.getMessage());
    } catch (IOException | RuntimeException e) {
      status = error(e.getMessage());
    }
  }

  private static SectionStatus error(@Nullable String reason) {
    return new SectionStatus(State.ERROR, null, 0, Json.clip(String.valueOf(reason), Json.MESSAGE));
  }

  private void poll() throws IOException {
    Map<String, Amounts> nodes = new HashMap<>();
    List<Long> times = new ArrayList<>();
    each(
        "nodes",
        node -> {
          nodes.put(node.child("metadata").name("name"), amounts(node));
          Long time = node.instant("timestamp");
          if (time != null) {
            times.add(time);
          }
        });
    Map<String, Map<String, Amounts>> containers = new HashMap<>();
    if (pods) {
      each("pods", pod -> containers.put(key(pod), containers(pod)));
    }
    Long newest = times.stream().max(Long::compare).orElse(null);
    figures = new Figures(newest, nodes, containers);
  }

  /** The figures of the objects in {@code inventory}; those of others are left out. */
  Usage usage(Inventory inventory) {
    Figures now = figures;
    Table nodes = new Table();
    for (Node node : inventory.nodes()) {
      Amounts amounts = now.nodes().get(node.meta().name());
      if (amounts != null) {
        nodes.add(node.meta().uid(), "", amounts);
      }
    }
    Table containers = new Table();
    for (Pod pod : inventory.pods()) {
      now.containers()
          .getOrDefault(pod.meta().namespace() + "/" + pod.meta().name(), Map.of())
          .forEach((name, amounts) -> containers.add(pod.meta().uid(), name, amounts));
    }
    return new Usage(now.observedAt(), nodes.columns(), containers.columns());
  }

  private void each(String resource, Consumer<Json> reader) throws IOException {
    server.read(ApiRequest.get(API + resource), answer -> readItems(answer, reader));
  }

  private static boolean readItems(JsonReader answer, Consumer<Json> reader) throws IOException {
    answer.beginObject();
    while (answer.hasNext()) {
      if (!answer.nextName().equals("items")) {
        answer.skipValue();
        continue;
      }
      answer.beginArray();
      while (answer.hasNext()) {
        reader.accept(Json.of(JsonParser.parseReader(answer)));
      }
      answer.endArray();
    }
    answer.endObject();
    return true;
  }

  private static String key(Json pod) {
    Json meta = pod.child("metadata");
    return meta.text("namespace") + "/" + meta.text("name");
  }

  private static Map<String, Amounts> containers(Json pod) {
    Map<String, Amounts> byName = new HashMap<>();
    for (Json container : pod.list("containers", container -> container)) {
      byName.put(String.valueOf(container.text("name")), amounts(container));
    }
    return byName;
  }

  private static Amounts amounts(Json measured) {
    Json usage = measured.child("usage");
    Long cpu = usage.millis("cpu");
    Long memory = usage.units("memory");
    return new Amounts(cpu == null ? 0 : cpu, memory == null ? 0 : memory);
  }

  private static final class Table {
    private final List<String> uids = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private final List<Long> cpu = new ArrayList<>();
    private final List<Long> memory = new ArrayList<>();

    void add(String uid, String name, Amounts amounts) {
      uids.add(uid);
      names.add(name);
      cpu.add(amounts.cpuMillis());
      memory.add(amounts.memoryBytes());
    }

    Columns columns() {
      return new Columns(uids, names, cpu, memory);
    }
  }
}
