package cx.niro.core.incident.rules;

import cx.niro.core.Severity;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.incident.Judgement;
import cx.niro.core.incident.RuleInput;
import cx.niro.core.incident.RuleSpec;
import cx.niro.core.incident.Scope;
import cx.niro.core.incident.Symptom;
import cx.niro.core.snapshot.Condition;
import cx.niro.core.snapshot.Node;
import cx.niro.core.snapshot.Section;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A node that was ready and not ready in turn more than twice within 15 minutes. Resolves when it
 * did not change for 30 minutes. Changes of a cordoned node, and of one younger than 5 minutes, are
 * not counted.
 *
 * <p>As kubernetes-mixin's KubeNodeReadinessFlapping, which waits another 15 minutes.
 */
final class NodeFlapping extends NodeRule {
  private final Duration window;
  private final Duration quiet;
  private final int enough;

  NodeFlapping(Thresholds thresholds) {
    super(
        RuleSpec.of(IncidentType.NODE_FLAPPING)
            .reads(Section.NODES)
            .goingBy(Section.NODES)
            .openAfter(thresholds.time(Threshold.NODE_FLAPPING_FOR)));
    this.window = thresholds.time(Threshold.NODE_FLAPPING_WINDOW);
    this.quiet = thresholds.time(Threshold.NODE_FLAPPING_CLEAR);
    this.enough = thresholds.count(Threshold.NODE_FLAPPING_CHANGES);
  }

  @Override
  Judgement judge(Node node, Scope scope, RuleInput input) {
    Condition ready = Conditions.find(node.conditions(), "Ready");
    if (ready == null) {
      return Judgement.unknown(scope);
    }
    ReadyChanges before = ReadyChanges.of(input.memory().recall(node.meta().uid()));
    boolean counts = !Conditions.isCordoned(node) && Conditions.startingFor(node, input) == null;
    ReadyChanges changes =
        ReadyChanges.next(before, ready, counts ? input : null)
            .since(input.now().minus(longer(window, quiet)));
    input.memory().remember(node.meta().uid(), changes.numbers());
    return Conditions.isCordoned(node) ? Judgement.held(scope) : verdict(scope, changes, input);
  }

  private Judgement verdict(Scope scope, ReadyChanges changes, RuleInput input) {
    List<Instant> times = changes.times();
    Instant last = times.isEmpty() ? null : times.get(times.size() - 1);
    Instant first = times.size() <= enough ? null : times.get(times.size() - 1 - enough);
    if (first == null || !first.isAfter(input.now().minus(window))) {
      return Judgement.no(scope).notBefore(last == null ? null : last.plus(quiet));
    }
    return Judgement.yes(scope, symptom(scope, input)).recheckAt(first.plus(window));
  }

  private static Symptom symptom(Scope scope, RuleInput input) {
    String node = scope.value().substring(Scope.node("").value().length());
    return new Symptom(
        input.severity(Severity.LOW, Severity.MEDIUM, Severity.HIGH),
        "Node " + node + " changes between ready and not ready again and again",
        Map.of());
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) >= 0 ? a : b;
  }
}
