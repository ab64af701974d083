package cx.niro.core.incident.rules;

import cx.niro.core.incident.IncidentRule;
import cx.niro.core.incident.Judgement;
import cx.niro.core.incident.RuleInput;
import cx.niro.core.incident.RuleSpec;
import cx.niro.core.incident.Scope;
import cx.niro.core.snapshot.Node;
import java.util.List;

/** A rule that looks at the nodes that are there, one by one. */
abstract class NodeRule extends IncidentRule {
  NodeRule(RuleSpec spec) {
    super(spec);
  }

  abstract Judgement judge(Node node, Scope scope, RuleInput input);

  @Override
  protected final List<Judgement> judge(RuleInput input) {
    return input.snapshot().objects().nodes().stream()
        .map(node -> judge(node, Scope.node(node.meta().name()), input))
        .toList();
  }
}
