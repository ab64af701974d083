package cx.niro.core.incident.rules;

import cx.niro.core.incident.RuleInput;
import cx.niro.core.snapshot.Condition;
import cx.niro.core.snapshot.Node;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How rules read conditions, by type, from the few that they know, and the state of nodes. */
final class Conditions {
  private static final Duration STARTING = Duration.ofMinutes(5);

  private Conditions() {}

  static @Nullable Condition find(List<Condition> conditions, String type) {
    for (Condition condition : conditions) {
      if (condition.type().equals(type)) {
        return condition;
      }
    }
    return null;
  }

  static boolean isReady(Node node) {
    Condition ready = find(node.conditions(), "Ready");
    return ready != null && ready.status().equals("True");
  }

  static boolean isCordoned(Node node) {
    return Boolean.TRUE.equals(node.unschedulable());
  }

  /** How long a new node is still starting; null for one that is older than 5 minutes. */
  static @Nullable Duration startingFor(Node node, RuleInput input) {
    Duration age = input.age(node.meta().createdAt());
    return age == null || age.compareTo(STARTING) >= 0 ? null : STARTING.minus(age);
  }
}
