package cx.niro.core.policy.rules;

import cx.niro.core.policy.PolicyState;
import cx.niro.core.policy.PolicyVerdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects where a rule is broken; nothing collected is a pass. */
final class Broken {
  private static final int NAMED = 5;
  private final Map<String, List<String>> where = new LinkedHashMap<>();

  /** By these containers, or not at all when there is none. */
  Broken containers(List<String> names) {
    return by("containers", names);
  }

  /** By this field of the pod. */
  Broken pod(String field, boolean broken) {
    return by("pod", broken ? List.of(field) : List.of());
  }

  /** By these, told under {@code key}. */
  Broken by(String key, List<String> what) {
    for (String one : what) {
      List<String> known = where.computeIfAbsent(key, name -> new ArrayList<>());
      if (!known.contains(one)) {
        known.add(one);
      }
    }
    return this;
  }

  boolean isEmpty() {
    return where.isEmpty();
  }

  /** A failure that says {@code what} and names the first few containers. */
  PolicyVerdict verdict(String what) {
    return verdict(what, where.getOrDefault("containers", List.of()));
  }

  PolicyVerdict verdict(String what, List<String> names) {
    if (where.isEmpty()) {
      return PolicyVerdict.pass();
    }
    String text = names.isEmpty() ? what : what + ": " + list(names);
    return new PolicyVerdict(PolicyState.FAIL, text, where, null, null);
  }

  private static String list(List<String> names) {
    String first = String.join(", ", names.subList(0, Math.min(NAMED, names.size())));
    return names.size() > NAMED ? first + ", …" : first;
  }
}
