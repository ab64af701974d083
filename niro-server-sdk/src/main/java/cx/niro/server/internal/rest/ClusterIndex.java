package cx.niro.server.internal.rest;

import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Node;
import cx.niro.core.snapshot.OwnerReference;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.PodSpec;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.SectionStatus;
import cx.niro.core.snapshot.Usage;
import cx.niro.core.snapshot.Workload;
import cx.niro.server.Fleet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one request needs to look up in one cluster's content; each part is built when first asked.
 */
public final class ClusterIndex {
  private final ClusterSnapshot snapshot;
  private final Usage usage;
  private @Nullable Map<String, Amounts.Compute> nodeUsage;
  private @Nullable Map<String, Amounts.Compute> podUsage;
  private @Nullable Map<String, Long> podsByNode;
  private @Nullable Map<String, PodSpec> templates;

  public ClusterIndex(Fleet.Content content) {
    this.snapshot = content.snapshot();
    this.usage = content.usage();
  }

  Amounts.Compute usageOfNode(String uid) {
    if (nodeUsage == null) {
      nodeUsage = sums(usage.nodes());
    }
    return nodeUsage.getOrDefault(uid, Amounts.Compute.UNKNOWN);
  }

  Amounts.Compute usageOfPod(String uid) {
    if (podUsage == null) {
      podUsage = sums(usage.containers());
    }
    return podUsage.getOrDefault(uid, Amounts.Compute.UNKNOWN);
  }

  /** As the agent counted them, else counted here; null where nobody can know. */
  @Nullable Long podsOn(Node node) {
    if (node.runningPods() != null) {
      return node.runningPods().longValue();
    }
    if (snapshot.section(Section.PODS).state() != SectionStatus.State.COMPLETE) {
      return null;
    }
    if (podsByNode == null) {
      podsByNode = countPods();
    }
    return podsByNode.getOrDefault(node.meta().name(), 0L);
  }

  /** The pod's own spec, or the template of the workload above it. */
  public @Nullable PodSpec specOf(Pod pod) {
    OwnerReference owner = owner(pod);
    if (pod.spec() != null || owner == null) {
      return pod.spec();
    }
    if (templates == null) {
      templates = templatesByOwner();
    }
    return templates.get(key(pod.meta().namespace(), owner.kind(), owner.name()));
  }

  static @Nullable OwnerReference owner(Pod pod) {
    return pod.meta().rootOwner() != null ? pod.meta().rootOwner() : pod.meta().owner();
  }

  private Map<String, Long> countPods() {
    Map<String, Long> counts = new HashMap<>();
    for (Pod pod : snapshot.objects().pods()) {
      String phase = pod.status().phase();
      if (pod.nodeName() != null && !"Succeeded".equals(phase) && !"Failed".equals(phase)) {
        counts.merge(pod.nodeName(), 1L, Long::sum);
      }
    }
    return counts;
  }

  private Map<String, PodSpec> templatesByOwner() {
    Map<String, PodSpec> found = new HashMap<>();
    for (Workload workload : snapshot.objects().workloads()) {
      if (workload.template() != null) {
        String name = workload.meta().name();
        found.put(key(workload.meta().namespace(), workload.kind(), name), workload.template());
      }
    }
    return found;
  }

  private static String key(@Nullable String namespace, String kind, String name) {
    return namespace + "/" + kind + "/" + name;
  }

  private static Map<String, Amounts.Compute> sums(Usage.Columns columns) {
    Map<String, Amounts.Compute> sums = new HashMap<>();
    int rows =
        Math.min(
            columns.uids().size(),
            Math.min(columns.cpuMillis().size(), columns.memoryBytes().size()));
    for (int i = 0; i < rows; i++) {
      Amounts.Compute figure =
          new Amounts.Compute(columns.cpuMillis().get(i), columns.memoryBytes().get(i));
      sums.merge(columns.uids().get(i), figure, ClusterIndex::plus);
    }
    return sums;
  }

  private static Amounts.Compute plus(Amounts.Compute a, Amounts.Compute b) {
    return new Amounts.Compute(
        plus(a.cpuMillis(), b.cpuMillis()), plus(a.memoryBytes(), b.memoryBytes()));
  }

  private static @Nullable Long plus(@Nullable Long a, @Nullable Long b) {
    return a == null ? b : b == null ? a : Long.valueOf(a + b);
  }
}
