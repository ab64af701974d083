package cx.niro.server.internal;

import cx.niro.core.ClusterId;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Node;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.SectionStatus;
import cx.niro.server.spi.TimelineEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What of two snapshots of one cluster is worth a line in its timeline. */
final class ContentChanges {
  private static final int MOST = 50;

  /** What {@link LineBudget} bounds. */
  static final Set<String> KINDS =
      Set.of(
          "kubernetes_version_changed",
          "agent_version_changed",
          "capabilities_changed",
          "node_joined",
          "node_left",
          "node_ready",
          "node_not_ready",
          PodRestarts.KIND,
          LineBudget.LEFT_OUT);

  private final ClusterId cluster;
  private final Instant now;
  private final List<TimelineEntry> entries = new ArrayList<>();

  private ContentChanges(ClusterId cluster, Instant now) {
    this.cluster = cluster;
    this.now = now;
  }

  /** At most 50 lines. */
  static List<TimelineEntry> between(
      ClusterId cluster, ClusterSnapshot before, ClusterSnapshot after, Instant now) {
    ContentChanges changes = new ContentChanges(cluster, now);
    changes.version(
        "kubernetes_version_changed",
        "Kubernetes",
        before.info().kubernetesVersion(),
        after.info().kubernetesVersion());
    changes.version(
        "agent_version_changed",
        "The agent",
        before.info().agentVersion(),
        after.info().agentVersion());
    changes.capabilities(before, after);
    if (complete(before) && complete(after)) {
      changes.nodes(before.objects().nodes(), after.objects().nodes());
    }
    changes.entries.addAll(
        PodRestarts.between(cluster, before.objects().pods(), after.objects().pods(), now));
    return changes.entries.stream().limit(MOST).toList();
  }

  private static boolean complete(ClusterSnapshot snapshot) {
    return snapshot.section(Section.NODES).state() == SectionStatus.State.COMPLETE;
  }

  private void version(String kind, String what, @Nullable String before, @Nullable String after) {
    if (before != null && after != null && !before.equals(after)) {
      entries.add(
          new TimelineEntry(
              cluster,
              now,
              kind,
              what + " changed from " + before + " to " + after,
              Map.of("from", before, "to", after)));
    }
  }

  private void capabilities(ClusterSnapshot before, ClusterSnapshot after) {
    var was = before.info().capabilities().names();
    var is = after.info().capabilities().names();
    if (!was.equals(is)) {
      String list = is.isEmpty() ? "none" : String.join(", ", is);
      entries.add(
          Entries.of(cluster, now, "capabilities_changed", "The agent's capabilities: " + list));
    }
  }

  private void nodes(List<Node> before, List<Node> after) {
    Map<String, Node> was = byName(before);
    Map<String, Node> is = byName(after);
    is.forEach((name, node) -> node(name, was.get(name), node));
    was.keySet().stream()
        .filter(name -> !is.containsKey(name))
        .forEach(name -> nodeLine(name, "node_left", "Node " + name + " left"));
  }

  private void node(String name, @Nullable Node before, Node after) {
    if (before == null) {
      nodeLine(name, "node_joined", "Node " + name + " joined");
      return;
    }
    String was = ready(before);
    String is = ready(after);
    if (Objects.equals(was, is) || is == null) {
      return;
    }
    if (is.equals("True")) {
      nodeLine(name, "node_ready", "Node " + name + " is ready");
    } else {
      nodeLine(name, "node_not_ready", "Node " + name + " is not ready (" + is + ")");
    }
  }

  private static @Nullable String ready(Node node) {
    return node.conditions().stream()
        .filter(condition -> "Ready".equals(condition.type()))
        .map(condition -> condition.status())
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  private void nodeLine(String name, String kind, String summary) {
    entries.add(new TimelineEntry(cluster, now, kind, summary, Map.of("node", name)));
  }

  private static Map<String, Node> byName(List<Node> nodes) {
    Map<String, Node> byName = new LinkedHashMap<>();
    nodes.forEach(node -> byName.put(node.meta().name(), node));
    return byName;
  }
}
