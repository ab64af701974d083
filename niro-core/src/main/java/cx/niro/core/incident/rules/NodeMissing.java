package cx.niro.core.incident.rules;

import cx.niro.core.Severity;
import cx.niro.core.incident.IncidentRule;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.incident.Judgement;
import cx.niro.core.incident.RuleInput;
import cx.niro.core.incident.RuleSpec;
import cx.niro.core.incident.Scope;
import cx.niro.core.incident.Symptom;
import cx.niro.core.snapshot.Node;
import cx.niro.core.snapshot.Section;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A node that was in the last complete list of nodes and is not in this one, for 5 minutes.
 * Resolves when it is back, or after 24 hours. A node that was about to go is not missed: one that
 * was cordoned, marked by an autoscaler or being deleted, one of a spot pool, one labelled {@code
 * niro.cx/ephemeral}; and one whose machine came back under another name, told by its boot id.
 */
final class NodeMissing extends IncidentRule {
  private final Duration limit;

  NodeMissing(Thresholds thresholds) {
    super(
        RuleSpec.of(IncidentType.NODE_MISSING)
            .reads(Section.NODES)
            .goingBy(Section.NODES)
            .openAfter(thresholds.time(Threshold.NODE_MISSING_FOR)));
    this.limit = thresholds.time(Threshold.NODE_MISSING_LIMIT);
  }

  @Override
  protected List<Judgement> judge(RuleInput input) {
    List<Judgement> judgements = new ArrayList<>();
    Set<String> present = new HashSet<>();
    for (Node node : input.snapshot().objects().nodes()) {
      present.add(node.meta().name());
      judgements.add(Judgement.no(Scope.node(node.meta().name())));
    }
    if (!input.complete(Section.NODES)) {
      return judgements;
    }
    List<ExpectedNode> before = ExpectedNode.recall(input.memory());
    List<ExpectedNode> expected = ExpectedNode.present(input.snapshot().objects().nodes());
    Set<Long> renamed = newcomers(before, input);
    for (ExpectedNode node : before) {
      if (!present.contains(node.name()) && !renamed.contains(node.boot())) {
        ExpectedNode missing = node.missing(input.now());
        Instant end = missing.missingAt().plus(limit);
        if (end.isAfter(input.now())) {
          expected.add(missing);
          judgements.add(judge(missing, input).recheckAt(end));
        }
      }
    }
    ExpectedNode.remember(expected, input.memory());
    return judgements;
  }

  /** The boot ids of machines under names that were not there before. */
  private static Set<Long> newcomers(List<ExpectedNode> before, RuleInput input) {
    Set<String> known = new HashSet<>();
    before.forEach(node -> known.add(node.name()));
    Set<Long> boots = new HashSet<>();
    for (Node node : input.snapshot().objects().nodes()) {
      if (!known.contains(node.meta().name())) {
        boots.add(ExpectedNode.boot(node));
      }
    }
    boots.remove(ExpectedNode.NO_BOOT);
    return boots;
  }

  private static Judgement judge(ExpectedNode node, RuleInput input) {
    Symptom symptom =
        new Symptom(
            input.severity(Severity.LOW, Severity.MEDIUM, Severity.HIGH),
            "Node " + node.name() + " is gone from the cluster",
            Map.of());
    return Judgement.yes(Scope.node(node.name()), symptom).since(node.missingAt());
  }
}
