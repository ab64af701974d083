package cx.niro.server.internal.rest;

import cx.niro.core.snapshot.Condition;
import cx.niro.core.snapshot.Node;
import cx.niro.core.snapshot.Node.NodeInfo;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A node. */
public record NodeJson(
    String uid,
    String name,
    List<String> roles,
    String status,
    boolean cordoned,
    @Nullable String kubeletVersion,
    @Nullable String osImage,
    @Nullable String architecture,
    Amounts capacity,
    Amounts allocatable,
    Amounts usage,
    @Nullable Instant createdAt) {
  private static final String ROLE_PREFIX = "node-role.kubernetes.io/";

  public static NodeJson of(Node node, ClusterIndex index) {
    NodeInfo info = node.info();
    Amounts.Compute used = index.usageOfNode(node.meta().uid());
    return new NodeJson(
        node.meta().uid(),
        node.meta().name(),
        roles(node),
        status(node),
        Boolean.TRUE.equals(node.unschedulable()),
        info == null ? null : info.kubeletVersion(),
        info == null ? null : info.osImage(),
        info == null ? null : info.architecture(),
        Amounts.of(node.capacity()),
        Amounts.of(node.allocatable()),
        new Amounts(used.cpuMillis(), used.memoryBytes(), index.podsOn(node)),
        Instants.of(node.meta().createdAt()));
  }

  private static List<String> roles(Node node) {
    return node.meta().labels().keySet().stream()
        .filter(label -> label.startsWith(ROLE_PREFIX) && label.length() > ROLE_PREFIX.length())
        .map(label -> label.substring(ROLE_PREFIX.length()))
        .sorted()
        .toList();
  }

  private static String status(Node node) {
    for (Condition condition : node.conditions()) {
      if (condition.type().equals("Ready")) {
        return switch (condition.status()) {
          case "True" -> "ready";
          case "False" -> "notReady";
          default -> "unknown";
        };
      }
    }
    return "unknown";
  }
}
