package cx.niro.agent.kubernetes;

import cx.niro.core.snapshot.Node;
import cx.niro.core.snapshot.Node.NodeInfo;
import cx.niro.core.snapshot.Node.Taint;
import org.jspecify.annotations.Nullable;

/**
 * A node from its JSON. The kubelet's heartbeat times are left out, or no beat would ever be
 * unchanged.
 */
final class NodeMapper {
  private NodeMapper() {}

  static Node map(Json node) {
    Json spec = node.child("spec");
    Json status = node.child("status");
    return new Node(
        Metadata.of(node),
        spec.flag("unschedulable"),
        spec.list("taints", NodeMapper::taint),
        Metadata.conditions(status),
        status.child("nodeInfo", NodeMapper::info),
        status.child("capacity", Metadata::resources),
        status.child("allocatable", Metadata::resources),
        null,
        null);
  }

  private static @Nullable Taint taint(Json taint) {
    String key = taint.text("key");
    return key == null
        ? null
        : new Taint(key, taint.text("value"), taint.text("effect"), taint.instant("timeAdded"));
  }

  private static NodeInfo info(Json info) {
    return new NodeInfo(
        info.text("kubeletVersion"),
        info.text("kernelVersion"),
        info.text("osImage"),
        info.text("operatingSystem"),
        info.text("architecture"),
        info.text("containerRuntimeVersion"),
        info.text("bootID"));
  }
}
