package cx.niro.core.incident.rules;

import cx.niro.core.incident.Seen;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Condition;
import cx.niro.core.snapshot.Container;
import cx.niro.core.snapshot.Container.Probe;
import cx.niro.core.snapshot.ContainerStatus;
import cx.niro.core.snapshot.Inventory;
import cx.niro.core.snapshot.Node;
import cx.niro.core.snapshot.ObjectMeta;
import cx.niro.core.snapshot.OwnerReference;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.PodSpec;
import cx.niro.core.snapshot.PodSpec.Scheduling;
import cx.niro.core.snapshot.PodSpec.Volume;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.SectionStatus;
import cx.niro.core.snapshot.WarningEvent;
import cx.niro.core.snapshot.WarningEvent.InvolvedObject;
import cx.niro.core.snapshot.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A pod of Deployment shop/web on node n1, for tests that change one thing about it. */
final class APod {
  private String uid;
  private String owner = "Deployment";
  private String phase = "Pending";
  private @Nullable String reason;
  private @Nullable String message;
  private @Nullable String node = "n1";
  private long createdAt;
  private @Nullable Long deletedAt;
  private Map<String, String> annotations = Map.of();
  private final List<Condition> conditions = new ArrayList<>();
  private final List<ContainerStatus> init = new ArrayList<>();
  private final List<ContainerStatus> containers = new ArrayList<>();
  private @Nullable PodSpec spec;

  private APod(String uid, long createdAt) {
    this.uid = uid;
    this.createdAt = createdAt;
  }

  static APod created(long at) {
    return new APod("p1", at);
  }

  APod uid(String given) {
    uid = given;
    return this;
  }

  APod of(String kind) {
    owner = kind;
    return this;
  }

  APod phase(String given) {
    phase = given;
    return this;
  }

  APod because(String given, String words) {
    reason = given;
    message = words;
    return this;
  }

  APod on(@Nullable String name) {
    node = name;
    return this;
  }

  APod deleted() {
    deletedAt = createdAt;
    return this;
  }

  APod annotated(String name) {
    annotations = Map.of(name, "on purpose");
    return this;
  }

  APod says(String type, String status, @Nullable String why, long since) {
    return says(type, status, why, null, since);
  }

  APod says(String type, String status, @Nullable String why, @Nullable String words, long since) {
    conditions.add(new Condition(type, status, why, words, since));
    return this;
  }

  APod init(ContainerStatus... statuses) {
    init.addAll(List.of(statuses));
    return this;
  }

  APod with(ContainerStatus... statuses) {
    containers.addAll(List.of(statuses));
    return this;
  }

  APod asks(PodSpec given) {
    spec = given;
    return this;
  }

  Pod pod() {
    OwnerReference root = new OwnerReference(owner, "web", "uid-web");
    ObjectMeta meta =
        new ObjectMeta(
            uid,
            "shop",
            "web-" + uid,
            null,
            createdAt,
            deletedAt,
            Map.of(),
            annotations,
            root,
            root);
    Pod.PodStatus status =
        new Pod.PodStatus(
            phase,
            reason,
            message,
            conditions,
            null,
            null,
            node == null ? null : createdAt,
            null,
            null,
            init,
            containers,
            List.of());
    return new Pod(meta, node, spec, status);
  }

  ClusterSnapshot alone() {
    return Seen.pods(pod());
  }

  ClusterSnapshot onNode(String ready) {
    return Seen.cluster(List.of(Seen.node("n1", ready, 1L)), List.of(pod()));
  }

  /** A spec of these containers with claim {@code data}. */
  static PodSpec spec(List<Container> init, List<Container> containers) {
    return spec(init, containers, 0);
  }

  static PodSpec spec(List<Container> init, List<Container> containers, int gates) {
    return new PodSpec(
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        List.of(),
        null,
        new Scheduling(0, gates, null, null, null, null),
        null,
        null,
        null,
        List.of(
            new Volume("config", "configMap", null, null, null),
            new Volume("data", "persistentVolumeClaim", null, null, "data"),
            new Volume("again", "persistentVolumeClaim", null, null, "data")),
        init,
        containers,
        List.of(),
        null,
        null,
        Map.of());
  }

  static Container container(String name, String image) {
    return container(name, image, null, null);
  }

  static Container container(
      String name, String image, @Nullable String restartPolicy, @Nullable Probe startup) {
    return new Container(
        name,
        image,
        null,
        restartPolicy,
        null,
        null,
        List.of(),
        null,
        null,
        startup,
        null,
        null,
        List.of(),
        null,
        null);
  }

  static Workload deployment(
      @Nullable Integer total,
      @Nullable Integer updated,
      @Nullable Integer available,
      @Nullable PodSpec template) {
    return new Workload(
        Seen.meta("uid-web", "shop", "web", 1L, null),
        "Deployment",
        1L,
        1L,
        null,
        null,
        total,
        new Workload.Replicas(total, available, available, updated, 0, null, null, null),
        null,
        List.of(),
        null,
        null,
        null,
        template);
  }

  /** An event about pod p1. */
  static WarningEvent event(String reason, String message, long first, long last) {
    return event("p1", "spec.containers{app}", reason, message, first, last);
  }

  static WarningEvent event(
      String uid, String path, String reason, String message, long first, long last) {
    return new WarningEvent(
        Seen.meta("e-" + message.hashCode(), "shop", "e", first, null),
        reason,
        message,
        new InvolvedObject("Pod", "shop", "web-" + uid, uid, path),
        "kubelet",
        null,
        null,
        1,
        first,
        last);
  }

  static ClusterSnapshot cluster(
      List<Node> nodes, List<Pod> pods, List<Workload> workloads, List<WarningEvent> events) {
    ClusterSnapshot seen = Seen.cluster(nodes, pods);
    return new ClusterSnapshot(
        seen.info(),
        Map.of(
            Section.NODES, SectionStatus.COMPLETE,
            Section.PODS, SectionStatus.COMPLETE,
            Section.WORKLOADS, SectionStatus.COMPLETE,
            Section.EVENTS, SectionStatus.COMPLETE),
        new Inventory(nodes, pods, workloads, events, List.of(), List.of(), List.of()));
  }
}
