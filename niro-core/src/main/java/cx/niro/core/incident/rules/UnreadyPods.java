package cx.niro.core.incident.rules;

import cx.niro.core.incident.RuleInput;
import cx.niro.core.incident.Scope;
import cx.niro.core.snapshot.Condition;
import cx.niro.core.snapshot.Node;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.PodSpec;
import cx.niro.core.snapshot.Section;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The pods that workloads wait for, sorted by workload when the first one asks. */
final class UnreadyPods {
  private final RuleInput input;
  private @Nullable Map<Scope, List<Pod>> byWorkload;

  UnreadyPods(RuleInput input) {
    this.input = input;
  }

  /** What all that are missing run on or mount; nothing unless they are all there to be asked. */
  Scope[] common(WorkloadSubject subject) {
    List<Pod> pods = of(subject.scope());
    boolean all =
        input.complete(Section.PODS) && pods.size() >= subject.desired() - subject.ready();
    Set<Scope> common = null;
    for (Pod pod : all ? pods : List.<Pod>of()) {
      PodSpec spec = pod.spec() == null ? subject.workload().template() : pod.spec();
      List<Scope> own = List.of(PodSubject.dependencies(pod, spec));
      common = common == null ? new LinkedHashSet<>(own) : common;
      common.retainAll(own);
    }
    return common == null ? new Scope[0] : common.toArray(Scope[]::new);
  }

  /** How many are on nodes that are cordoned or not ready; null when that cannot be told. */
  @Nullable Integer onNodesOutOfService(Scope workload) {
    if (!input.complete(Section.PODS) || !input.complete(Section.NODES)) {
      return null;
    }
    Set<String> out = new HashSet<>();
    for (Node node : input.snapshot().objects().nodes()) {
      if (Conditions.isCordoned(node) || !Conditions.isReady(node)) {
        out.add(node.meta().name());
      }
    }
    return (int) of(workload).stream().map(Pod::nodeName).filter(out::contains).count();
  }

  /** Adds the names of the workload's unready pods to what is told of it. */
  Map<String, List<String>> evidence(Scope workload, List<String> reasons) {
    List<String> names = of(workload).stream().map(pod -> pod.meta().name()).sorted().toList();
    return names.isEmpty() ? Map.of("reason", reasons) : Map.of("reason", reasons, "pods", names);
  }

  private List<Pod> of(Scope workload) {
    if (byWorkload == null) {
      byWorkload = new HashMap<>();
      for (Pod pod : input.snapshot().objects().pods()) {
        if (!isReady(pod) && !isFinished(pod)) {
          byWorkload.computeIfAbsent(Scope.workload(pod), any -> new ArrayList<>()).add(pod);
        }
      }
    }
    return byWorkload.getOrDefault(workload, List.of());
  }

  private static boolean isFinished(Pod pod) {
    String phase = pod.status().phase();
    return "Succeeded".equals(phase) || "Failed".equals(phase);
  }

  private static boolean isReady(Pod pod) {
    Condition ready = Conditions.find(pod.status().conditions(), "Ready");
    return ready != null && ready.status().equals("True");
  }
}
