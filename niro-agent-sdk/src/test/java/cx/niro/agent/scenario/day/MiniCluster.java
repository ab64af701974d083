package cx.niro.agent.scenario.day;

import com.google.gson.JsonObject;
import cx.niro.agent.kubernetes.ScriptedApi;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A small cluster that works by itself: nodes, pods, controllers; all of it written as JSON. */
final class MiniCluster {
  private static final double GRACE = 50;
  private static final double EVENT_KEPT = 3600;

  private final Agenda agenda;
  private final Random random;
  private final ScriptedApi api = new ScriptedApi();
  private final List<MiniNode> nodes = new ArrayList<>();
  private final List<MiniPod> pods = new ArrayList<>();
  private final Map<String, MiniWorkload> workloads = new LinkedHashMap<>();

  MiniCluster(Agenda agenda, Random random) {
    this.agenda = agenda;
    this.random = random;
  }

  Agenda agenda() {
    return agenda;
  }

  Random random() {
    return random;
  }

  ScriptedApi api() {
    return api;
  }

  Instant now() {
    return agenda.now();
  }

  List<MiniNode> nodes() {
    return List.copyOf(nodes);
  }

  MiniNode join(String name, boolean server, Instant createdAt) {
    MiniNode node = new MiniNode(name, server, createdAt);
    nodes.add(node);
    write(node);
    workloads.values().forEach(MiniWorkload::changed);
    return node;
  }

  void add(MiniWorkload workload) {
    workloads.put(workload.name(), workload);
  }

  MiniWorkload workload(String name) {
    return workloads.get(name);
  }

  List<MiniPod> pods(MiniOwner owner) {
    return pods.stream().filter(pod -> pod.owner == owner).toList();
  }

  List<MiniPod> pods(MiniNode node) {
    return pods.stream().filter(pod -> pod.node == node).toList();
  }

  void add(MiniPod pod) {
    pods.add(pod);
  }

  void removed(MiniPod pod) {
    pods.remove(pod);
    api.delete("Pod", pod.owner.namespace(), pod.name);
  }

  /** The node with the fewest pods of the same owner. */
  MiniNode placeFor(MiniPod pod) {
    MiniNode best = null;
    long fewest = Long.MAX_VALUE;
    for (MiniNode node : nodes) {
      long there = pods(node).stream().filter(one -> one.owner == pod.owner).count();
      if (node.takesPods() && there < fewest) {
        best = node;
        fewest = there;
      }
    }
    return best;
  }

  void write(MiniNode node) {
    api.put(node.json());
  }

  void cordon(MiniNode node, boolean cordoned) {
    node.cordoned(cordoned ? now() : null);
    write(node);
  }

  /** Evicts all but the pods of DaemonSets, a few seconds apart. */
  void drain(MiniNode node) {
    cordon(node, true);
    double pause = 1;
    for (MiniPod pod : pods(node)) {
      if (!(pod.owner instanceof MiniWorkload one && one.isDaemonSet())) {
        agenda.in(pause, pod::delete);
        pause += 4;
      }
    }
  }

  /** Its kubelet says nothing; the node controller notices after its grace. */
  void silence(MiniNode node) {
    node.silent(true);
    agenda.in(
        GRACE,
        () -> {
          if (node.isSilent() && nodes.contains(node)) {
            says(node, "Unknown", "NodeStatusUnknown");
          }
        });
  }

  /** Ready changes, and that of the pods with it. */
  void says(MiniNode node, String ready, String reason) {
    node.says("Ready", ready, reason, now());
    write(node);
    if (!ready.equals("True")) {
      pods(node).forEach(MiniPod::lost);
    }
  }

  /** Its kubelet is back, and no container ended. */
  void comesBack(MiniNode node) {
    node.silent(false);
    node.says("Ready", "True", "KubeletReady", now());
    write(node);
    pods(node).forEach(pod -> agenda.in(2, pod::found));
  }

  /** The machine is back with a new boot id, not ready at first; all containers start again. */
  void bootsUp(MiniNode node) {
    node.boots();
    node.silent(false);
    node.says("Ready", "False", "KubeletNotReady", now());
    write(node);
    pods(node).forEach(MiniPod::rebooted);
    agenda.in(12, () -> comesBack(node));
  }

  /** Deleted without being drained. */
  void remove(MiniNode node) {
    nodes.remove(node);
    api.delete("Node", null, node.name);
    agenda.in(40, () -> pods(node).forEach(MiniPod::end));
  }

  void event(MiniPod pod, String uid, String reason, String message, Instant first, int count) {
    JsonObject about =
        Tree.of("kind", "Pod", "namespace", pod.owner.namespace(), "name", pod.name, "uid", uid);
    event(about, reason, message, first, count);
  }

  void event(JsonObject about, String reason, String message, Instant first, int count) {
    String namespace = about.get("namespace").getAsString();
    String name = about.get("name").getAsString() + "." + reason.toLowerCase(java.util.Locale.ROOT);
    api.put(
        Tree.of(
            "apiVersion",
            "v1",
            "kind",
            "Event",
            "metadata",
            Tree.of(
                "name",
                name,
                "namespace",
                namespace,
                "uid",
                "uid-" + name + first.toEpochMilli(),
                "creationTimestamp",
                Tree.time(first)),
            "type",
            "Warning",
            "reason",
            reason,
            "message",
            message,
            "involvedObject",
            about,
            "count",
            count,
            "firstTimestamp",
            Tree.time(first),
            "lastTimestamp",
            Tree.time(now())));
    agenda.in(EVENT_KEPT, () -> api.delete("Event", namespace, name));
  }
}
