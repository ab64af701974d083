package cx.niro.server.internal.rest;

import cx.niro.core.ClusterStatus;
import cx.niro.core.Environment;
import cx.niro.core.Severity;
import cx.niro.server.ClusterView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The fleet in numbers. */
public record FleetJson(
    int clusters,
    int nodes,
    int pods,
    int openIncidents,
    Map<String, Integer> status,
    Map<String, Integer> environment,
    Map<String, Integer> version,
    Map<String, Integer> agentVersion,
    Map<String, Integer> severity,
    Map<String, Integer> findings) {

  public static FleetJson of(List<ClusterView> views) {
    Map<String, Integer> status = new LinkedHashMap<>();
    Map<String, Integer> environment = new LinkedHashMap<>();
    Map<String, Integer> severity = bySeverity(Map.of());
    Map<String, Integer> findings = bySeverity(Map.of());
    for (ClusterStatus value : ClusterStatus.values()) {
      status.put(value.wireName(), 0);
    }
    for (Environment value : Environment.values()) {
      environment.put(value.wireName(), 0);
    }
    Map<String, Integer> version = new TreeMap<>();
    Map<String, Integer> agentVersion = new TreeMap<>();
    for (ClusterView view : views) {
      count(status, view.status().wireName());
      count(environment, view.cluster().environment().wireName());
      count(version, view.info().kubernetesVersion());
      count(agentVersion, view.info().agentVersion());
      view.incidents().forEach((key, n) -> severity.merge(key.wireName(), n, Integer::sum));
      view.findings().forEach((key, n) -> findings.merge(key.wireName(), n, Integer::sum));
    }
    return new FleetJson(
        views.size(),
        views.stream().mapToInt(view -> orZero(view.nodes())).sum(),
        views.stream().mapToInt(view -> orZero(view.pods())).sum(),
        views.stream().mapToInt(ClusterView::openIncidents).sum(),
        status,
        environment,
        version,
        agentVersion,
        severity,
        findings);
  }

  /** Every severity with its count. */
  static Map<String, Integer> bySeverity(Map<Severity, Integer> counts) {
    Map<String, Integer> all = new LinkedHashMap<>();
    for (Severity value : Severity.values()) {
      all.put(value.wireName(), counts.getOrDefault(value, 0));
    }
    return all;
  }

  private static void count(Map<String, Integer> counts, @Nullable String key) {
    if (key != null) {
      counts.merge(key, 1, Integer::sum);
    }
  }

  private static int orZero(@Nullable Integer value) {
    return value == null ? 0 : value;
  }
}
