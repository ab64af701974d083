package cx.niro.agent.kubernetes;

import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.PodSpec;
import cx.niro.core.snapshot.Resource;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What an agent watches, by its grants. */
final class WatchedKinds {
  private static final String CORE = "/api/v1/";
  private static final String APPS = "/apis/apps/v1/";
  private static final String BATCH = "/apis/batch/v1/";

  private WatchedKinds() {}

  /**
   * Events about nodes are recorded in the namespace {@code default}, so an agent that may not read
   * pods needs no more than that namespace's events.
   */
  static List<WatchedKind<?>> of(Grants grants) {
    List<WatchedKind<?>> kinds = new ArrayList<>();
    kinds.add(all(Section.NODES, CORE + "nodes", NodeMapper::map));
    if (!grants.pods()) {
      kinds.add(
          new WatchedKind<>(
              Section.EVENTS,
              CORE + "namespaces/default/events",
              "type=Warning,involvedObject.kind=Node",
              EventMapper::map));
      return kinds;
    }
    kinds.add(new WatchedKind<>(Section.EVENTS, CORE + "events", "type=Warning", EventMapper::map));
    kinds.add(all(Section.PODS, CORE + "pods", podMapper()));
    kinds.add(workloads(APPS + "deployments", WorkloadMapper::deployment));
    kinds.add(workloads(APPS + "statefulsets", WorkloadMapper::statefulSet));
    kinds.add(workloads(APPS + "daemonsets", WorkloadMapper::daemonSet));
    kinds.add(workloads(APPS + "replicasets", WorkloadMapper::replicaSet));
    kinds.add(workloads(BATCH + "jobs", WorkloadMapper::job));
    kinds.add(workloads(BATCH + "cronjobs", WorkloadMapper::cronJob));
    kinds.add(
        all(Section.PERSISTENT_VOLUME_CLAIMS, CORE + "persistentvolumeclaims", ClaimMapper::map));
    kinds.add(all(Section.SERVICE_ACCOUNTS, CORE + "serviceaccounts", ServiceAccountMapper::map));
    kinds.add(
        all(
            Section.AUTOSCALERS,
            "/apis/autoscaling/v2/horizontalpodautoscalers",
            AutoscalerMapper::map));
    return kinds;
  }

  private static WatchedKind<Workload> workloads(
      String path, Function<Json, @Nullable Workload> mapper) {
    return all(Section.WORKLOADS, path, mapper);
  }

  private static <T extends Resource> WatchedKind<T> all(
      Section section, String path, Function<Json, @Nullable T> mapper) {
    return new WatchedKind<>(section, path, "", mapper);
  }

  /** Pods of one template share one spec in memory. */
  private static Function<Json, @Nullable Pod> podMapper() {
    Interned<PodSpec> specs = new Interned<>();
    return json -> {
      Pod pod = PodMapper.map(json);
      PodSpec spec = pod.spec();
      return spec == null ? pod : new Pod(pod.meta(), pod.nodeName(), specs.of(spec), pod.status());
    };
  }
}
