package cx.niro.core.policy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rules of an engine by place and by id. */
final class RuleSet {
  private final List<PolicyRule> rules;
  private final Map<PolicyId, Integer> places = new HashMap<>();

  RuleSet(List<PolicyRule> rules) {
    this.rules = List.copyOf(rules);
    for (int i = 0; i < this.rules.size(); i++) {
      PolicyId id = get(i).spec().id();
      if (places.put(id, i) != null) {
        throw new IllegalArgumentException("two rules for policy " + id);
      }
    }
  }

  /** Whether some rule reads what controllers and kubelets say. */
  boolean readsStatus() {
    return rules.stream().anyMatch(PolicyRule::readsStatus);
  }

  List<PolicyRule> all() {
    return rules;
  }

  int size() {
    return rules.size();
  }

  PolicyRule get(int place) {
    return rules.get(place);
  }

  /** Where the rule of this id is; null when there is none. */
  @Nullable Integer place(@Nullable PolicyId id) {
    return id == null ? null : places.get(id);
  }
}
