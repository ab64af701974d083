package cx.niro.core.testkit;

import cx.niro.core.snapshot.ClusterInfo;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Condition;
import cx.niro.core.snapshot.ContainerStatus;
import cx.niro.core.snapshot.Inventory;
import cx.niro.core.snapshot.Node;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.SectionStatus;
import cx.niro.core.snapshot.WarningEvent;
import cx.niro.core.snapshot.Workload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * What happens to a cluster: pods come, go and crash, nodes fail and recover, warnings appear and
 * age out. Draws from the generator that it is made with. For one thread.
 */
public final class SnapshotChanges {
  private final Snapshots source;
  private final RandomGenerator random;

  public SnapshotChanges(Snapshots source) {
    this.source = source;
    this.random = source.random();
  }

  /** The cluster after {@code count} random changes; some of them may change nothing. */
  public ClusterSnapshot after(ClusterSnapshot snapshot, int count) {
    ClusterSnapshot next = snapshot;
    for (int i = 0; i < count; i++) {
      next = one(next);
    }
    return next;
  }

  private ClusterSnapshot one(ClusterSnapshot snapshot) {
    return switch (random.nextInt(9)) {
      case 0 -> podAdded(snapshot);
      case 1 -> podRemoved(snapshot);
      case 2 -> podCrashed(snapshot);
      case 3 -> nodeTurned(snapshot);
      case 4 -> nodeReplaced(snapshot);
      case 5 -> warningAdded(snapshot);
      case 6 -> warningRemoved(snapshot);
      case 7 -> sectionTurned(snapshot);
      default -> agentUpdated(snapshot);
    };
  }

  private ClusterSnapshot podAdded(ClusterSnapshot snapshot) {
    List<Workload> workloads = snapshot.objects().workloads();
    if (workloads.isEmpty()) {
      return snapshot;
    }
    Workload owner = pick(workloads);
    return pods(snapshot, with(snapshot.objects().pods(), source.pod(owner, "k3s-server-0")));
  }

  private ClusterSnapshot podRemoved(ClusterSnapshot snapshot) {
    return pods(snapshot, without(snapshot.objects().pods()));
  }

  /** One random pod's containers crash once more. */
  private ClusterSnapshot podCrashed(ClusterSnapshot snapshot) {
    List<Pod> pods = snapshot.objects().pods();
    return pods.isEmpty() ? snapshot : pods(snapshot, replaced(pods, random.nextInt(pods.size())));
  }

  private List<Pod> replaced(List<Pod> pods, int index) {
    List<Pod> next = new ArrayList<>(pods);
    next.set(index, crashed(pods.get(index)));
    return next;
  }

  /** The pod after one more crash, waiting in CrashLoopBackOff. */
  public static Pod crashed(Pod pod) {
    Pod.PodStatus was = pod.status();
    List<ContainerStatus> containers =
        was.containers().stream().map(SnapshotChanges::crashed).toList();
    Condition notReady =
        new Condition("Ready", "False", "ContainersNotReady", null, Snapshots.BORN + 1);
    Pod.PodStatus status =
        new Pod.PodStatus(
            was.phase(),
            was.reason(),
            was.message(),
            List.of(notReady),
            was.qosClass(),
            was.podIpPresent(),
            was.startedAt(),
            was.deletionGraceSeconds(),
            was.nominatedNodeName(),
            was.initContainers(),
            containers,
            was.ephemeralContainers());
    return Snapshots.hashed(new Pod(pod.meta(), pod.nodeName(), pod.spec(), status));
  }

  private static ContainerStatus crashed(ContainerStatus was) {
    int restarts = was.restartCount() == null ? 1 : was.restartCount() + 1;
    long at = Snapshots.BORN + restarts * 60_000L;
    return new ContainerStatus(
        was.name(),
        false,
        false,
        restarts,
        was.imageId(),
        was.containerId(),
        new ContainerStatus.Waiting("CrashLoopBackOff", "back-off restarting failed container"),
        null,
        null,
        new ContainerStatus.Terminated("Error", 1, null, at - 5_000, at, null, was.containerId()));
  }

  private ClusterSnapshot nodeTurned(ClusterSnapshot snapshot) {
    List<Node> nodes = snapshot.objects().nodes();
    if (nodes.isEmpty()) {
      return snapshot;
    }
    int index = random.nextInt(nodes.size());
    Node node = nodes.get(index);
    boolean ready = node.conditions().get(0).status().equals("True");
    List<Node> next = new ArrayList<>(nodes);
    next.set(index, withReady(node, !ready));
    return nodes(snapshot, next);
  }

  /** The node with its Ready condition, which is its first, turned. */
  public static Node withReady(Node node, boolean ready) {
    List<Condition> conditions = new ArrayList<>(node.conditions());
    conditions.set(
        0,
        new Condition(
            "Ready",
            ready ? "True" : "False",
            ready ? "KubeletReady" : "KubeletNotReady",
            null,
            Snapshots.BORN + 2));
    return Snapshots.hashed(
        new Node(
            node.meta(),
            node.unschedulable(),
            node.taints(),
            conditions,
            node.info(),
            node.capacity(),
            node.allocatable(),
            node.runningPods(),
            node.requested()));
  }

  private ClusterSnapshot nodeReplaced(ClusterSnapshot snapshot) {
    List<Node> rest = without(snapshot.objects().nodes());
    return nodes(snapshot, with(rest, source.node(1 + random.nextInt(500))));
  }

  private ClusterSnapshot warningAdded(ClusterSnapshot snapshot) {
    List<Pod> pods = snapshot.objects().pods();
    return pods.isEmpty()
        ? snapshot
        : events(snapshot, with(snapshot.objects().events(), source.event(pick(pods))));
  }

  private ClusterSnapshot warningRemoved(ClusterSnapshot snapshot) {
    return events(snapshot, without(snapshot.objects().events()));
  }

  private ClusterSnapshot sectionTurned(ClusterSnapshot snapshot) {
    Map<Section, SectionStatus> sections = new LinkedHashMap<>(snapshot.sections());
    Section section = Section.values()[random.nextInt(Section.values().length)];
    boolean complete = snapshot.section(section).equals(SectionStatus.COMPLETE);
    SectionStatus failed =
        new SectionStatus(SectionStatus.State.ERROR, null, 0, "the API server answered 503");
    sections.put(section, complete ? failed : SectionStatus.COMPLETE);
    return new ClusterSnapshot(snapshot.info(), sections, snapshot.objects());
  }

  private ClusterSnapshot agentUpdated(ClusterSnapshot snapshot) {
    ClusterInfo was = snapshot.info();
    ClusterInfo info =
        new ClusterInfo(
            "0.1." + random.nextInt(10),
            was.kubernetesVersion(),
            was.distribution(),
            was.kubeSystemUid(),
            was.agentStartedAt(),
            was.capabilities(),
            was.api());
    return new ClusterSnapshot(info, snapshot.sections(), snapshot.objects());
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private static <T> List<T> with(List<T> list, T added) {
    List<T> next = new ArrayList<>(list);
    next.add(added);
    return next;
  }

  private <T> List<T> without(List<T> list) {
    List<T> next = new ArrayList<>(list);
    if (!next.isEmpty()) {
      next.remove(random.nextInt(next.size()));
    }
    return next;
  }

  private static ClusterSnapshot pods(ClusterSnapshot snapshot, List<Pod> pods) {
    Inventory was = snapshot.objects();
    return with(
        snapshot,
        new Inventory(
            was.nodes(),
            pods,
            was.workloads(),
            was.events(),
            was.persistentVolumeClaims(),
            was.serviceAccounts(),
            was.autoscalers()));
  }

  private static ClusterSnapshot nodes(ClusterSnapshot snapshot, List<Node> nodes) {
    Inventory was = snapshot.objects();
    return with(
        snapshot,
        new Inventory(
            nodes,
            was.pods(),
            was.workloads(),
            was.events(),
            was.persistentVolumeClaims(),
            was.serviceAccounts(),
            was.autoscalers()));
  }

  private static ClusterSnapshot events(ClusterSnapshot snapshot, List<WarningEvent> events) {
    Inventory was = snapshot.objects();
    return with(
        snapshot,
        new Inventory(
            was.nodes(),
            was.pods(),
            was.workloads(),
            events,
            was.persistentVolumeClaims(),
            was.serviceAccounts(),
            was.autoscalers()));
  }

  private static ClusterSnapshot with(ClusterSnapshot snapshot, Inventory objects) {
    return new ClusterSnapshot(snapshot.info(), snapshot.sections(), objects);
  }
}
