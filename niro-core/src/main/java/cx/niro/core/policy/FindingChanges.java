package cx.niro.core.policy;

import cx.niro.core.incident.Scope;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The steps from the findings that were open to those of an evaluation; what is unknown stays as it
 * is and is in none of the lists.
 *
 * @param changed severity, message, evidence or fix are others
 */
public record FindingChanges(List<Finding> appeared, List<Cleared> cleared, List<Changed> changed) {
  public FindingChanges {
    appeared = List.copyOf(appeared);
    cleared = List.copyOf(cleared);
    changed = List.copyOf(changed);
  }

  /**
   * A finding that is no more.
   *
   * @param now {@link PolicyState#PASS} when it was mended, {@link PolicyState#EXEMPT} when
   *     somebody gave a reason, {@link PolicyState#NOT_APPLICABLE} when the workload, the rule or
   *     the profile is gone
   * @param reason for people
   */
  public record Cleared(Finding finding, PolicyState now, String reason) {}

  /** A finding that says something else than before. */
  public record Changed(Finding before, Finding now) {}

  private record Key(PolicyId rule, Scope scope) {
    static Key of(Finding finding) {
      return new Key(finding.rule(), finding.scope());
    }
  }

  /**
   * Compares by rule and workload.
   *
   * @param open the findings of this cluster that are open, in any order; of two for one rule and
   *     workload the last counts
   */
  public static FindingChanges diff(Collection<Finding> open, PolicyEvaluation evaluation) {
    Map<Key, Finding> before = new HashMap<>();
    open.forEach(finding -> before.put(Key.of(finding), finding));
    List<Finding> appeared = new ArrayList<>();
    List<Changed> changed = new ArrayList<>();
    for (Finding finding : evaluation.findings()) {
      Finding was = before.remove(Key.of(finding));
      if (was == null) {
        appeared.add(finding);
      } else if (!was.equals(finding)) {
        changed.add(new Changed(was, finding));
      }
    }
    List<Cleared> cleared = new ArrayList<>();
    for (Finding finding : open) {
      if (before.remove(Key.of(finding)) != null) {
        addCleared(cleared, finding, evaluation.result(finding.rule(), finding.scope()));
      }
    }
    return new FindingChanges(appeared, cleared, changed);
  }

  /** Whether there is nothing to store. */
  public boolean isEmpty() {
    return appeared.isEmpty() && cleared.isEmpty() && changed.isEmpty();
  }

  private static void addCleared(List<Cleared> cleared, Finding finding, PolicyResult now) {
    if (now.state() != PolicyState.UNKNOWN) {
      String reason = Objects.requireNonNullElse(now.reason(), "mended");
      cleared.add(new Cleared(finding, now.state(), reason));
    }
  }
}
