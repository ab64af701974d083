package cx.niro.core.incident.rules;

import cx.niro.core.snapshot.Condition;
import cx.niro.core.snapshot.Node;
import cx.niro.core.snapshot.Node.Taint;
import cx.niro.core.snapshot.ObjectMeta;
import cx.niro.core.snapshot.Resources;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A node for tests, said part by part. */
final class NodeOf {
  private final String name;
  private final List<Condition> conditions = new ArrayList<>();
  private final Map<String, String> labels = new HashMap<>();
  private final List<Taint> taints = new ArrayList<>();
  private @Nullable Boolean cordoned;
  private @Nullable Long createdAt = 1L;
  private @Nullable Long deletedAt;
  private @Nullable String boot = "boot";
  private @Nullable Resources allocatable;

  private NodeOf(String name) {
    this.name = name;
    conditions.add(new Condition("EtcdIsVoter", "True", null, null, null));
  }

  static NodeOf named(String name) {
    return new NodeOf(name);
  }

  static Node ready(String name) {
    return named(name).with("Ready", "True", null).build();
  }

  NodeOf with(String type, String status, @Nullable Long since) {
    conditions.add(new Condition(type, status, null, "kubelet has a " + type, since));
    return this;
  }

  NodeOf cordoned() {
    cordoned = true;
    return this;
  }

  NodeOf label(String key, String value) {
    labels.put(key, value);
    return this;
  }

  NodeOf taint(String key) {
    taints.add(new Taint(key, null, "NoSchedule", null));
    return this;
  }

  NodeOf createdAt(long at) {
    createdAt = at;
    return this;
  }

  NodeOf deletedAt(long at) {
    deletedAt = at;
    return this;
  }

  NodeOf boot(@Nullable String id) {
    boot = id;
    return this;
  }

  NodeOf allocatable(long cpuMillis, long memoryBytes) {
    allocatable = new Resources(cpuMillis, memoryBytes, null, null);
    return this;
  }

  Node build() {
    ObjectMeta meta =
        new ObjectMeta(
            "uid-" + name, null, name, null, createdAt, deletedAt, labels, Map.of(), null, null);
    Node.NodeInfo info = new Node.NodeInfo(null, null, null, null, null, null, boot);
    return new Node(meta, cordoned, taints, conditions, info, null, allocatable, null, null);
  }
}
