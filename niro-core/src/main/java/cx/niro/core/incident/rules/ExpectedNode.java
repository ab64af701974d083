package cx.niro.core.incident.rules;

import cx.niro.core.incident.RuleMemory;
import cx.niro.core.snapshot.Node;
import cx.niro.core.snapshot.Node.Taint;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A node that would be missed. A rule's memory holds numbers, so a name is kept as its bytes, eight
 * to a number.
 *
 * @param boot a hash of its boot id, {@link #NO_BOOT} when it has none
 * @param missingSince since when it is not there; null while it is
 */
record ExpectedNode(String name, long boot, @Nullable Instant missingSince) {
  static final Long NO_BOOT = 0L;

  /** More nodes of one cluster are not watched. */
  private static final int MAX_NODES = 1_000;

  private static final String EPHEMERAL = "niro.cx/ephemeral";
  private static final String KARPENTER = "karpenter.sh/nodepool";

  /** Labels of pools whose machines are taken away at any time, with the values that say so. */
  private static final Map<String, String> SPOT =
      Map.of(
          "karpenter.sh/capacity-type", "spot",
          "eks.amazonaws.com/capacityType", "spot",
          "cloud.google.com/gke-spot", "true",
          "cloud.google.com/gke-preemptible", "true",
          "kubernetes.azure.com/scalesetpriority", "spot");

  /** Taints of nodes that an autoscaler is about to take away. */
  private static final Set<String> LEAVING =
      Set.of("ToBeDeletedByClusterAutoscaler", "karpenter.sh/disrupted", "karpenter.sh/disruption");

  ExpectedNode missing(Instant now) {
    return missingSince == null ? new ExpectedNode(name, boot, now) : this;
  }

  Instant missingAt() {
    return Objects.requireNonNull(missingSince);
  }

  /** Those of the nodes that would be missed. */
  static List<ExpectedNode> present(List<Node> nodes) {
    List<ExpectedNode> expected = new ArrayList<>();
    for (Node node : nodes) {
      if (!mayGo(node) && packed(node.meta().name()).size() <= RuleMemory.MAX_NUMBERS) {
        expected.add(new ExpectedNode(node.meta().name(), boot(node), null));
      }
    }
    return expected;
  }

  static long boot(Node node) {
    String id = node.info() == null ? null : node.info().bootId();
    return id == null ? NO_BOOT : id.hashCode();
  }

  private static boolean mayGo(Node node) {
    Map<String, String> labels = node.meta().labels();
    return Conditions.isCordoned(node)
        || node.meta().deletedAt() != null
        || node.taints().stream().map(Taint::key).anyMatch(LEAVING::contains)
        || labels.containsKey(KARPENTER)
        || "true".equals(labels.get(EPHEMERAL))
        || labels.entrySet().stream().anyMatch(ExpectedNode::isSpot);
  }

  private static boolean isSpot(Map.Entry<String, String> label) {
    String value = SPOT.get(label.getKey());
    return value != null && value.equalsIgnoreCase(label.getValue());
  }

  /** Those that the last evaluation remembered. */
  static List<ExpectedNode> recall(RuleMemory memory) {
    List<ExpectedNode> nodes = new ArrayList<>();
    for (int i = 0; i < MAX_NODES; i++) {
      List<Long> facts = memory.recall("facts " + i);
      if (facts.size() < 2) {
        return nodes;
      }
      long since = facts.get(1);
      nodes.add(
          new ExpectedNode(
              unpacked(memory.recall("name " + i)),
              facts.get(0),
              since == 0 ? null : Instant.ofEpochMilli(since)));
    }
    return nodes;
  }

  static void remember(List<ExpectedNode> nodes, RuleMemory memory) {
    List<ExpectedNode> kept =
        nodes.stream().sorted(Comparator.comparing(ExpectedNode::name)).limit(MAX_NODES).toList();
    for (int i = 0; i < kept.size(); i++) {
      ExpectedNode node = kept.get(i);
      long since = node.missingSince == null ? 0 : node.missingSince.toEpochMilli();
      memory.remember("name " + i, packed(node.name));
      memory.remember("facts " + i, List.of(node.boot, since));
    }
  }

  private static List<Long> packed(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    ByteBuffer buffer = ByteBuffer.allocate((bytes.length + 7) / 8 * 8).put(bytes).rewind();
    List<Long> numbers = new ArrayList<>();
    while (buffer.hasRemaining()) {
      numbers.add(buffer.getLong());
    }
    return numbers;
  }

  private static String unpacked(List<Long> numbers) {
    ByteBuffer buffer = ByteBuffer.allocate(numbers.size() * 8);
    numbers.forEach(buffer::putLong);
    return new String(buffer.array(), StandardCharsets.UTF_8).replace("\0", "");
  }
}
