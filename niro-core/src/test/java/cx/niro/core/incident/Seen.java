package cx.niro.core.incident;

import cx.niro.core.snapshot.ClusterInfo;
import cx.niro.core.snapshot.ClusterInfo.ApiHealth;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Condition;
import cx.niro.core.snapshot.ContainerStatus;
import cx.niro.core.snapshot.ContainerStatus.Running;
import cx.niro.core.snapshot.ContainerStatus.Terminated;
import cx.niro.core.snapshot.ContainerStatus.Waiting;
import cx.niro.core.snapshot.Inventory;
import cx.niro.core.snapshot.Node;
import cx.niro.core.snapshot.ObjectMeta;
import cx.niro.core.snapshot.OwnerReference;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.SectionStatus;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Snapshots for tests of rules, as short as they can be said. */
public final class Seen {
  private static final SectionStatus PARTIAL =
      new SectionStatus(SectionStatus.State.PARTIAL, 9, 3, "too large");
  private static final SectionStatus ERROR =
      new SectionStatus(SectionStatus.State.ERROR, null, 0, "forbidden");

  private Seen() {}

  public static ClusterSnapshot cluster(List<Node> nodes, List<Pod> pods) {
    return new ClusterSnapshot(
        ClusterInfo.EMPTY,
        Map.of(Section.NODES, SectionStatus.COMPLETE, Section.PODS, SectionStatus.COMPLETE),
        new Inventory(nodes, pods, List.of(), List.of(), List.of(), List.of(), List.of()));
  }

  public static ClusterSnapshot nodes(Node... nodes) {
    return cluster(List.of(nodes), List.of());
  }

  public static ClusterSnapshot pods(Pod... pods) {
    return cluster(List.of(), List.of(pods));
  }

  /** Both sections cut short. */
  public static ClusterSnapshot partial(ClusterSnapshot snapshot) {
    return with(snapshot, PARTIAL);
  }

  /** Both sections unreadable. */
  public static ClusterSnapshot failed() {
    return with(ClusterSnapshot.EMPTY, ERROR);
  }

  public static ClusterSnapshot withoutApi(ClusterSnapshot snapshot) {
    ClusterInfo was = snapshot.info();
    ClusterInfo info =
        new ClusterInfo(
            was.agentVersion(),
            was.kubernetesVersion(),
            was.distribution(),
            was.kubeSystemUid(),
            was.agentStartedAt(),
            was.capabilities(),
            new ApiHealth(false, false, 4, null));
    return new ClusterSnapshot(info, snapshot.sections(), snapshot.objects());
  }

  private static ClusterSnapshot with(ClusterSnapshot snapshot, SectionStatus status) {
    return new ClusterSnapshot(
        snapshot.info(), Map.of(Section.NODES, status, Section.PODS, status), snapshot.objects());
  }

  /** A node whose Ready condition has this status since then. */
  public static Node node(String name, String ready, @Nullable Long since) {
    return node(name, ready, since, 1L, null, "boot-1");
  }

  public static Node node(
      String name,
      String ready,
      @Nullable Long since,
      @Nullable Long createdAt,
      @Nullable Boolean unschedulable,
      String bootId) {
    String reason = ready.equals("True") ? "KubeletReady" : "KubeletNotReady";
    return new Node(
        meta("uid-" + name, null, name, createdAt, null),
        unschedulable,
        List.of(),
        List.of(
            new Condition("EtcdIsVoter", "True", null, null, since),
            new Condition("Ready", ready, reason, "the kubelet says so", since)),
        new Node.NodeInfo(null, null, null, null, null, null, bootId),
        null,
        null,
        null,
        null);
  }

  public static ObjectMeta meta(
      String uid,
      @Nullable String namespace,
      String name,
      @Nullable Long createdAt,
      @Nullable OwnerReference root) {
    return new ObjectMeta(
        uid, namespace, name, null, createdAt, null, Map.of(), Map.of(), root, root);
  }

  /** A pod of Deployment shop/web on node n1, created long ago. */
  public static Pod pod(String uid, ContainerStatus... containers) {
    OwnerReference root = new OwnerReference("Deployment", "web", "uid-web");
    return pod(meta(uid, "shop", "web-" + uid, 1L, root), "Running", List.of(), containers);
  }

  public static Pod pod(
      ObjectMeta meta, String phase, List<ContainerStatus> init, ContainerStatus... containers) {
    Pod.PodStatus status =
        new Pod.PodStatus(
            phase,
            null,
            null,
            List.of(),
            null,
            null,
            null,
            null,
            null,
            init,
            List.of(containers),
            List.of());
    return new Pod(meta, "n1", null, status);
  }

  public static ContainerStatus running(String name, int restarts, @Nullable Terminated last) {
    return status(name, true, restarts, null, new Running(1L), null, last);
  }

  public static ContainerStatus unready(String name, int restarts, @Nullable Terminated last) {
    return status(name, false, restarts, null, new Running(1L), null, last);
  }

  /** Waiting in CrashLoopBackOff. */
  public static ContainerStatus backingOff(String name, int restarts, @Nullable Terminated last) {
    return waiting(name, "CrashLoopBackOff", restarts, last);
  }

  public static ContainerStatus waiting(
      String name, String reason, int restarts, @Nullable Terminated last) {
    return status(name, false, restarts, new Waiting(reason, "…"), null, null, last);
  }

  public static ContainerStatus ended(String name, int restarts, Terminated end) {
    return status(name, end.exitCode() == 0, restarts, null, null, end, null);
  }

  public static Terminated exit(int code, long finishedAt) {
    String reason = code == 0 ? "Completed" : "Error";
    return new Terminated(reason, code, null, finishedAt - 1000, finishedAt, null, "cid");
  }

  private static ContainerStatus status(
      String name,
      boolean ready,
      int restarts,
      @Nullable Waiting waiting,
      @Nullable Running running,
      @Nullable Terminated terminated,
      @Nullable Terminated last) {
    return new ContainerStatus(
        name, ready, ready, restarts, null, "cid", waiting, running, terminated, last);
  }
}
