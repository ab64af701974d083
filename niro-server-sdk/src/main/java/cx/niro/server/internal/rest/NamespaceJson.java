package cx.niro.server.internal.rest;

import cx.niro.core.snapshot.Pod;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The pods of a namespace, counted by phase. */
public record NamespaceJson(String namespace, int pods, Map<String, Integer> phases) {

  /** One for each namespace that has pods, ordered by name. */
  public static List<NamespaceJson> count(List<Pod> pods) {
    Map<String, Map<String, Integer>> counts = new TreeMap<>();
    for (Pod pod : pods) {
      counts
          .computeIfAbsent(PodJson.namespace(pod), namespace -> zeros())
          .merge(PodJson.phase(pod), 1, Integer::sum);
    }
    List<NamespaceJson> rows = new ArrayList<>();
    counts.forEach(
        (namespace, phases) -> {
          int all = phases.values().stream().mapToInt(Integer::intValue).sum();
          rows.add(new NamespaceJson(namespace, all, phases));
        });
    return rows;
  }

  private static Map<String, Integer> zeros() {
    Map<String, Integer> zeros = new LinkedHashMap<>();
    PodJson.PHASES.forEach(phase -> zeros.put(phase, 0));
    return zeros;
  }
}
