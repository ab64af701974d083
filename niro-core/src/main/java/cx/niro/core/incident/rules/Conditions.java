package cx.niro.core.incident.rules;

import cx.niro.core.snapshot.Condition;
import cx.niro.core.snapshot.Node;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How rules read conditions: by type, from the few that they know. */
final class Conditions {
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
}
