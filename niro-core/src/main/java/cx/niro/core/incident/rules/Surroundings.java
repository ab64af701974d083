package cx.niro.core.incident.rules;

import cx.niro.core.incident.Scope;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Condition;
import cx.niro.core.snapshot.ContainerStatus;
import cx.niro.core.snapshot.ContainerStatus.Terminated;
import cx.niro.core.snapshot.Node;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.WarningEvent;
import cx.niro.core.snapshot.Workload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What all rules about pods need of one snapshot, worked out once for all of them. Workloads and
 * events are sorted by name only when the first sick pod asks for its own.
 */
final class Surroundings {
  private final ClusterSnapshot snapshot;
  private final Set<String> down = new HashSet<>();
  private final Map<String, Long> readySince = new HashMap<>();
  private final List<Pod> restless = new ArrayList<>();
  private @Nullable Map<Scope, Workload> workloads;
  private @Nullable Map<String, List<WarningEvent>> events;

  Surroundings(ClusterSnapshot snapshot) {
    this.snapshot = snapshot;
    for (Node node : snapshot.objects().nodes()) {
      Condition ready = Conditions.find(node.conditions(), "Ready");
      if (ready == null || !ready.status().equals("True")) {
        down.add(node.meta().name());
      } else if (ready.lastTransitionAt() != null) {
        readySince.put(node.meta().name(), ready.lastTransitionAt());
      }
    }
    for (Pod pod : snapshot.objects().pods()) {
      if (!isCalm(pod)) {
        restless.add(pod);
      }
    }
  }

  /**
   * All pods but those that run and are ready on a node, whose containers run and never ended, and
   * whose init containers are done at the first try or run beside them.
   */
  List<Pod> restless() {
    return restless;
  }

  private static boolean isCalm(Pod pod) {
    Pod.PodStatus status = pod.status();
    if (pod.nodeName() == null || !"Running".equals(status.phase())) {
      return false;
    }
    for (ContainerStatus one : status.containers()) {
      if (!isCalm(one) || one.running() == null) {
        return false;
      }
    }
    for (ContainerStatus one : status.initContainers()) {
      if (!isCalm(one) || (one.running() == null && !isDone(one.terminated()))) {
        return false;
      }
    }
    Condition ready = Conditions.find(status.conditions(), "Ready");
    return ready != null && ready.status().equals("True");
  }

  private static boolean isCalm(ContainerStatus status) {
    Integer restarts = status.restartCount();
    return restarts != null
        && restarts == 0
        && status.waiting() == null
        && status.lastTerminated() == null
        && (status.running() == null || status.terminated() == null);
  }

  private static boolean isDone(@Nullable Terminated end) {
    Integer exit = end == null ? null : end.exitCode();
    return end != null && exit != null && exit == 0 && "Completed".equals(end.reason());
  }

  /** Whether the node is known and its kubelet cannot be asked at the moment. */
  boolean isDown(String node) {
    return down.contains(node);
  }

  /** Since when a node is ready, by the cluster's clock; null when it is not or nobody says. */
  @Nullable Long readySince(String node) {
    return readySince.get(node);
  }

  /** Null when it is not among the workloads that were seen. */
  @Nullable Workload workload(Scope scope) {
    if (workloads == null) {
      workloads = new HashMap<>();
      for (Workload workload : snapshot.objects().workloads()) {
        workloads.put(WorkloadSubject.scope(workload), workload);
      }
    }
    return workloads.get(scope);
  }

  /** The Warning events about this very pod. */
  List<WarningEvent> events(Pod pod) {
    if (events == null) {
      events = new HashMap<>();
      for (WarningEvent event : snapshot.objects().events()) {
        WarningEvent.InvolvedObject about = event.involved();
        if (about != null && about.kind().equals("Pod") && about.uid() != null) {
          events.computeIfAbsent(about.uid(), any -> new ArrayList<>()).add(event);
        }
      }
    }
    return events.getOrDefault(pod.meta().uid(), List.of());
  }
}
