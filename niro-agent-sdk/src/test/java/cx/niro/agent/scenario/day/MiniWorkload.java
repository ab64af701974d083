package cx.niro.agent.scenario.day;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** A Deployment, StatefulSet or DaemonSet with its controller. */
final class MiniWorkload implements MiniOwner {
  private static final double DEADLINE = 600;

  private final MiniCluster cluster;
  private final String kind;
  private final String namespace;
  private final String name;
  private final Instant createdAt;
  private int desired;
  private int revision = 1;
  private int rolledOut;
  private long generation = 1;
  private long observed;
  private Behaviour behaviour;
  private boolean refused;
  private boolean due;
  private String claims;
  private String nodeMessage;
  private String progress = "";
  private Instant movedAt;
  private boolean available = true;
  private Instant availableChangedAt;

  MiniWorkload(
      MiniCluster cluster, String kind, String namespacedName, int desired, Behaviour behaviour) {
    this.cluster = cluster;
    this.kind = kind;
    this.namespace = namespacedName.substring(0, namespacedName.indexOf('/'));
    this.name = namespacedName.substring(namespacedName.indexOf('/') + 1);
    this.createdAt = cluster.now();
    this.movedAt = createdAt;
    this.availableChangedAt = createdAt;
    this.desired = desired;
    this.behaviour = behaviour;
    cluster.add(this);
    changed();
  }

  String name() {
    return name;
  }

  String scope() {
    return "ns/" + namespace + "/" + kind + "/" + name;
  }

  boolean isDaemonSet() {
    return kind.equals("DaemonSet");
  }

  /** Its pods mount a claim each, by this prefix. */
  MiniWorkload claiming(String prefix) {
    claims = prefix;
    return this;
  }

  void scale(int to) {
    desired = to;
    generation++;
    changed();
  }

  /** A new template. */
  void rollOut(Behaviour next) {
    behaviour = next;
    revision++;
    generation++;
    movedAt = cluster.now();
    changed();
  }

  /** Whether the API server refuses its pods, by a quota for example. */
  void refused(boolean now) {
    refused = now;
    changed();
  }

  /** Why no node takes its pods; null for no reason. */
  void noNode(String message) {
    nodeMessage = message;
  }

  List<MiniPod> pods() {
    return cluster.pods(this);
  }

  @Override
  public void changed() {
    if (!due) {
      due = true;
      cluster
          .agenda()
          .in(
              1,
              () -> {
                due = false;
                reconcile();
              });
    }
  }

  private void reconcile() {
    observed = generation;
    List<MiniPod> finished = pods().stream().filter(MiniPod::isFinished).toList();
    List<MiniPod> live =
        pods().stream().filter(pod -> !pod.isLeaving() && !pod.isFinished()).toList();
    if (!refused) {
      switch (kind) {
        case "Deployment" -> roll(live);
        case "StatefulSet" -> inOrder(live);
        default -> oneOnEachNode(live);
      }
    }
    if (!isDeployment()) {
      finished.forEach(MiniPod::delete);
    }
    write();
  }

  private boolean isDeployment() {
    return kind.equals("Deployment");
  }

  private String current() {
    return "rev" + revision;
  }

  private boolean isCurrent(MiniPod pod) {
    return pod.revision.equals(current());
  }

  /** One more than wanted, and none less. */
  private void roll(List<MiniPod> live) {
    List<MiniPod> old = live.stream().filter(pod -> !isCurrent(pod)).toList();
    int now = live.size() - old.size();
    if (now < desired && live.size() < desired + 1) {
      create(name + "-" + current() + "-" + suffix(), null);
      changed();
      return;
    }
    long spare = live.stream().filter(MiniPod::isReady).count() - desired;
    MiniPod victim =
        old.stream()
            .filter(pod -> !pod.isReady())
            .findFirst()
            .orElse(spare > 0 ? first(old) : null);
    if (victim == null && now > desired) {
      victim = live.get(live.size() - 1);
    }
    if (victim != null) {
      victim.delete();
      changed();
    }
  }

  private static MiniPod first(List<MiniPod> pods) {
    return pods.isEmpty() ? null : pods.get(0);
  }

  private void inOrder(List<MiniPod> live) {
    for (int i = 0; i < desired; i++) {
      String wanted = name + "-" + i;
      MiniPod there =
          pods().stream().filter(pod -> pod.name.equals(wanted)).findFirst().orElse(null);
      if (there == null) {
        create(wanted, null);
        return;
      }
      if (!there.isReady()) {
        return;
      }
    }
    live.stream()
        .filter(pod -> Integer.parseInt(pod.name.substring(name.length() + 1)) >= desired)
        .forEach(MiniPod::delete);
    live.stream().filter(pod -> !isCurrent(pod)).reduce((a, b) -> b).ifPresent(MiniPod::delete);
  }

  private void oneOnEachNode(List<MiniPod> live) {
    for (MiniNode node : cluster.nodes()) {
      if (pods().stream().noneMatch(pod -> pod.node == node || pod.name.endsWith(node.name))) {
        create(name + "-" + suffix() + "-" + node.name, node);
      }
    }
    if (live.stream().filter(MiniPod::isReady).count() == live.size()) {
      live.stream().filter(pod -> !isCurrent(pod)).findFirst().ifPresent(MiniPod::delete);
    }
  }

  private void create(String pod, MiniNode node) {
    cluster.add(new MiniPod(this, pod, current(), behaviour, node));
  }

  private String suffix() {
    return Integer.toString(36 * 36 * 36 + cluster.random().nextInt(36 * 36 * 30), 36);
  }

  private void write() {
    List<MiniPod> there = pods().stream().filter(pod -> !pod.isFinished()).toList();
    int total = (int) there.stream().filter(pod -> !pod.isLeaving()).count();
    int ready = (int) there.stream().filter(MiniPod::isReady).count();
    int updated = (int) there.stream().filter(pod -> !pod.isLeaving() && isCurrent(pod)).count();
    cluster.api().put(json(total, ready, updated));
  }

  private JsonObject json(int total, int ready, int updated) {
    JsonObject status =
        isDaemonSet() ? daemonStatus(ready, updated) : status(total, ready, updated);
    JsonObject template =
        Tree.of(
            "metadata",
            Tree.of("labels", Tree.of("app", name)),
            "spec",
            Tree.of(
                "containers",
                Tree.list(
                    new MiniContainer("app", "registry.example.com/app:" + current()).spec())));
    JsonObject strategy = Tree.of("type", "RollingUpdate");
    return Tree.of(
        "apiVersion",
        "apps/v1",
        "kind",
        kind,
        "metadata",
        Tree.of(
            "name",
            name,
            "namespace",
            namespace,
            "uid",
            "uid-" + kind + name,
            "generation",
            generation,
            "creationTimestamp",
            Tree.time(createdAt),
            "labels",
            name.startsWith("svclb-")
                ? Tree.of("svccontroller.k3s.cattle.io/svcname", name.substring(6))
                : Tree.of("app", name)),
        "spec",
        Tree.of(
            "replicas",
            isDaemonSet() ? null : desired,
            "progressDeadlineSeconds",
            isDeployment() ? 600 : null,
            isDeployment() ? "strategy" : "updateStrategy",
            strategy,
            "template",
            template),
        "status",
        status);
  }

  private JsonObject daemonStatus(int ready, int updated) {
    int wanted = cluster.nodes().size();
    return Tree.of(
        "observedGeneration",
        observed,
        "desiredNumberScheduled",
        wanted,
        "currentNumberScheduled",
        Math.min(wanted, pods().size()),
        "numberReady",
        ready,
        "numberAvailable",
        zeroIsLeftOut(ready),
        "numberUnavailable",
        zeroIsLeftOut(wanted - ready),
        "updatedNumberScheduled",
        zeroIsLeftOut(updated),
        "numberMisscheduled",
        0);
  }

  private JsonObject status(int total, int ready, int updated) {
    return Tree.of(
        "observedGeneration",
        observed,
        "replicas",
        zeroIsLeftOut(total),
        "readyReplicas",
        zeroIsLeftOut(ready),
        "availableReplicas",
        zeroIsLeftOut(ready),
        "updatedReplicas",
        zeroIsLeftOut(updated),
        "unavailableReplicas",
        isDeployment() ? zeroIsLeftOut(Math.max(0, desired - ready)) : null,
        "currentRevision",
        isDeployment() ? null : "rev" + (updated == desired ? revision : rolledOut(updated)),
        "updateRevision",
        isDeployment() ? null : current(),
        "conditions",
        isDeployment() ? conditions(total, ready, updated) : null);
  }

  private int rolledOut(int updated) {
    return updated == desired ? revision : revision - 1;
  }

  private JsonArray conditions(int total, int ready, int updated) {
    Instant now = cluster.now();
    if (updated == desired && total == desired && ready == desired) {
      rolledOut = revision;
    }
    String mark = revision + "/" + total + "/" + ready + "/" + updated;
    if (!mark.equals(progress)) {
      progress = mark;
      movedAt = now;
      cluster.agenda().in(DEADLINE + 1, this::changed);
    }
    boolean done = rolledOut == revision;
    boolean late = !done && !now.isBefore(movedAt.plusSeconds((long) DEADLINE));
    boolean enough = ready >= Math.max(0, desired - desired / 4);
    availableChangedAt = enough == available ? availableChangedAt : now;
    available = enough;
    String reason =
        done ? "NewReplicaSetAvailable" : late ? "ProgressDeadlineExceeded" : "ReplicaSetUpdated";
    Instant since = late ? movedAt.plusSeconds((long) DEADLINE) : createdAt;
    JsonArray all =
        Tree.list(
            Tree.condition("Progressing", !late, since, reason, null),
            Tree.condition("Available", enough, availableChangedAt, null, null));
    if (refused) {
      all.add(Tree.condition("ReplicaFailure", true, movedAt, "FailedCreate", "exceeded quota"));
    }
    return all;
  }

  private static Integer zeroIsLeftOut(int number) {
    return number == 0 ? null : Integer.valueOf(number);
  }

  @Override
  public MiniCluster cluster() {
    return cluster;
  }

  @Override
  public String namespace() {
    return namespace;
  }

  @Override
  public JsonObject podLabels(String ofRevision) {
    return isDeployment()
        ? Tree.of("app", name, "pod-template-hash", ofRevision)
        : Tree.of("app", name);
  }

  @Override
  public JsonObject reference(String ofRevision) {
    String owner = isDeployment() ? name + "-" + ofRevision : name;
    return Tree.of(
        "kind",
        isDeployment() ? "ReplicaSet" : kind,
        "name",
        owner,
        "uid",
        "uid-" + owner,
        "controller",
        true);
  }

  @Override
  public String restartPolicy() {
    return "Always";
  }

  @Override
  public JsonArray volumes(String pod) {
    return claims == null
        ? null
        : Tree.list(
            Tree.of(
                "name", "data", "persistentVolumeClaim", Tree.of("claimName", claims + "-" + pod)));
  }

  @Override
  public String unschedulable(boolean tooBig) {
    return tooBig
        ? "0/3 nodes are available: 3 Insufficient memory. preemption: 0/3 nodes are available."
        : Objects.requireNonNullElse(nodeMessage, "").isEmpty() ? null : nodeMessage;
  }
}
