package cx.niro.agent.scenario.day;

import com.google.gson.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A node and what its kubelet, or the node controller in its place, says of it. */
final class MiniNode {
  private record Said(String status, String reason, Instant since) {}

  final String name;
  private final boolean server;
  private final Instant createdAt;
  private final Map<String, Said> conditions = new LinkedHashMap<>();
  private int boots = 1;
  private boolean silent;
  private Instant cordonedAt;

  MiniNode(String name, boolean server, Instant createdAt) {
    this.name = name;
    this.server = server;
    this.createdAt = createdAt;
    for (String pressure : List.of("MemoryPressure", "DiskPressure", "PIDPressure")) {
      conditions.put(pressure, new Said("False", "KubeletHasSufficient", createdAt));
    }
    conditions.put("Ready", new Said("True", "KubeletReady", createdAt));
  }

  /** Whether its kubelet does nothing. */
  boolean isSilent() {
    return silent;
  }

  boolean isServer() {
    return server;
  }

  boolean takesPods() {
    return cordonedAt == null && isReady();
  }

  boolean isReady() {
    return conditions.get("Ready").status.equals("True");
  }

  void silent(boolean now) {
    silent = now;
  }

  void says(String type, String status, String reason, Instant now) {
    if (!conditions.get(type).status.equals(status)) {
      conditions.put(type, new Said(status, reason, now));
    }
  }

  void boots() {
    boots++;
  }

  void cordoned(Instant since) {
    cordonedAt = since;
  }

  JsonObject json() {
    List<JsonObject> taints = new ArrayList<>();
    if (cordonedAt != null) {
      taints.add(taint("node.kubernetes.io/unschedulable", cordonedAt));
    }
    Said ready = conditions.get("Ready");
    if (!isReady()) {
      boolean lost = ready.status.equals("Unknown");
      taints.add(taint("node.kubernetes.io/" + (lost ? "unreachable" : "not-ready"), ready.since));
    }
    List<JsonObject> said = new ArrayList<>();
    conditions.forEach(
        (type, one) -> said.add(Tree.condition(type, one.status, one.since, one.reason, null)));
    String role = server ? "node-role.kubernetes.io/control-plane" : "kubernetes.io/hostname";
    return Tree.of(
        "apiVersion",
        "v1",
        "kind",
        "Node",
        "metadata",
        Tree.of(
            "name",
            name,
            "uid",
            "uid-" + name + "-" + createdAt.toEpochMilli(),
            "creationTimestamp",
            Tree.time(createdAt),
            "labels",
            Tree.of(role, "true", "kubernetes.io/arch", "amd64")),
        "spec",
        Tree.of(
            "podCIDR",
            "10.42.0.0/24",
            "unschedulable",
            cordonedAt == null ? null : true,
            "taints",
            taints.isEmpty() ? null : taints),
        "status",
        Tree.of(
            "conditions",
            said,
            "allocatable",
            Tree.of("cpu", "4", "memory", "8131480Ki", "pods", "110"),
            "capacity",
            Tree.of("cpu", "4", "memory", "8131480Ki", "pods", "110"),
            "nodeInfo",
            Tree.of("bootID", name + "-boot-" + boots, "kubeletVersion", "v1.33.4+k3s1")));
  }

  private static JsonObject taint(String key, Instant since) {
    return Tree.of("key", key, "effect", "NoSchedule", "timeAdded", Tree.time(since));
  }
}
