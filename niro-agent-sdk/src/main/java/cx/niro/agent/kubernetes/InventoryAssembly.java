package cx.niro.agent.kubernetes;

import cx.niro.core.snapshot.Inventory;
import cx.niro.core.snapshot.Node;
import cx.niro.core.snapshot.ObjectMeta;
import cx.niro.core.snapshot.OwnerReference;
import cx.niro.core.snapshot.PersistentVolumeClaim;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.Resource;
import cx.niro.core.snapshot.WarningEvent;
import cx.niro.core.snapshot.Workload;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Adds to each object what only the others tell: a node's load, who mounts a claim, the CronJob
 * above a pod's Job. What comes out as last time is the same instance. Confined to the heartbeat
 * thread.
 */
final class InventoryAssembly {
  /** More events than this say no more; the newest are kept. */
  static final int EVENTS = 1_000;

  private Map<String, Resource> last = Map.of();
  private Map<String, Resource> next = new HashMap<>();

  /**
   * @param podsKnown whether the pods are all there, so that counting them means something
   */
  Inventory assemble(Inventory seen, boolean podsKnown) {
    next = new HashMap<>();
    Map<String, PodLoad> loads = PodLoad.byNode(seen.pods());
    Map<String, Integer> mounts = PodLoad.mountsByClaim(seen.pods());
    Map<String, OwnerReference> cronJobs = cronJobsByJob(seen.workloads());
    Inventory assembled =
        new Inventory(
            each(seen.nodes(), node -> podsKnown ? loaded(node, loads) : node),
            each(seen.pods(), pod -> rooted(pod, cronJobs)),
            seen.workloads(),
            newest(seen.events()),
            each(
                seen.persistentVolumeClaims(), claim -> podsKnown ? mounted(claim, mounts) : claim),
            seen.serviceAccounts(),
            seen.autoscalers());
    last = next;
    return assembled;
  }

  private interface Addition<T> {
    T to(T object);
  }

  private <T extends Resource> List<T> each(Collection<T> objects, Addition<T> addition) {
    return objects.stream().map(object -> same(object, addition.to(object))).toList();
  }

  /** The instance that stands for {@code added}: the bare one, the last one, or a new one. */
  @SuppressWarnings({"unchecked", "ReferenceEquality"})
  private <T extends Resource> T same(T bare, T added) {
    if (bare == added) {
      return bare;
    }
    String key = bare.section().wireName() + "/" + bare.meta().uid();
    Resource before = last.get(key);
    T kept = before != null && added.equals(before) ? (T) before : added;
    next.put(key, kept);
    return kept;
  }

  private static Node loaded(Node node, Map<String, PodLoad> loads) {
    PodLoad load = loads.getOrDefault(node.meta().name(), PodLoad.NONE);
    return new Node(
        node.meta(),
        node.unschedulable(),
        node.taints(),
        node.conditions(),
        node.info(),
        node.capacity(),
        node.allocatable(),
        load.pods(),
        load.requested());
  }

  private static PersistentVolumeClaim mounted(
      PersistentVolumeClaim claim, Map<String, Integer> mounts) {
    String key = claim.meta().namespace() + "/" + claim.meta().name();
    return new PersistentVolumeClaim(
        claim.meta(),
        claim.phase(),
        claim.storageClassName(),
        claim.bindingMode(),
        claim.accessModes(),
        claim.volumeName(),
        claim.requestedBytes(),
        claim.capacityBytes(),
        mounts.getOrDefault(key, 0));
  }

  private static Pod rooted(Pod pod, Map<String, OwnerReference> cronJobs) {
    OwnerReference owner = pod.meta().owner();
    OwnerReference root = owner == null || owner.uid() == null ? null : cronJobs.get(owner.uid());
    return root == null
        ? pod
        : new Pod(withRoot(pod.meta(), root), pod.nodeName(), pod.spec(), pod.status());
  }

  private static Map<String, OwnerReference> cronJobsByJob(Collection<Workload> workloads) {
    Map<String, OwnerReference> owners = new HashMap<>();
    for (Workload workload : workloads) {
      OwnerReference owner = workload.meta().owner();
      if (workload.kind().equals("Job") && owner != null) {
        owners.put(workload.meta().uid(), owner);
      }
    }
    return owners;
  }

  private static ObjectMeta withRoot(ObjectMeta meta, OwnerReference root) {
    return new ObjectMeta(
        meta.uid(),
        meta.namespace(),
        meta.name(),
        meta.hash(),
        meta.createdAt(),
        meta.deletedAt(),
        meta.labels(),
        meta.annotations(),
        meta.owner(),
        root);
  }

  private static List<WarningEvent> newest(List<WarningEvent> events) {
    if (events.size() <= EVENTS) {
      return events;
    }
    return events.stream()
        .sorted(Comparator.comparing(InventoryAssembly::lastSeen).reversed())
        .limit(EVENTS)
        .toList();
  }

  private static Long lastSeen(WarningEvent event) {
    @Nullable Long seen = event.lastSeenAt();
    return Objects.requireNonNullElse(seen, 0L);
  }
}
