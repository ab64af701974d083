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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A node whose condition Ready is not True: False for 2 minutes (reason {@code not_ready}), Unknown
 * for 1 minute ({@code unreachable}), counted from the transition that the node itself reports. A
 * cordoned node opens nothing, and keeps what is open until it is Ready. A node younger than 5
 * minutes is starting. Of all conditions only Ready is read: others are bad when True, or good when
 * True, as k3s' EtcdIsVoter.
 *
 * <p>The windows are this project's, made for beats every 15 s; kubernetes-mixin waits 15 minutes.
 */
final class NodeNotReady extends NodeRule {
  private static final Duration STARTING = Duration.ofMinutes(5);

  private final Duration unreachableFor;

  NodeNotReady(Thresholds thresholds) {
    super(
        RuleSpec.of(IncidentType.NODE_NOT_READY)
            .reads(Section.NODES)
            .goingBy(Section.NODES)
            .openAfter(thresholds.time(Threshold.NODE_NOT_READY_FOR))
            .clearAfter(thresholds.time(Threshold.NODE_NOT_READY_CLEAR)));
    this.unreachableFor = thresholds.time(Threshold.NODE_UNREACHABLE_FOR);
  }

  @Override
  Judgement judge(Node node, Scope scope, RuleInput input) {
    Condition ready = Conditions.find(node.conditions(), "Ready");
    if (ready == null) {
      return Judgement.unknown(scope);
    }
    if (ready.status().equals("True")) {
      return Judgement.no(scope);
    }
    if (Boolean.TRUE.equals(node.unschedulable())) {
      return Judgement.held(scope);
    }
    Duration age = input.age(node.meta().createdAt());
    if (age != null && age.compareTo(STARTING) < 0) {
      return Judgement.no(scope).recheckAt(input.now().plus(STARTING).minus(age));
    }
    boolean reports = ready.status().equals("False");
    return Judgement.yes(scope, symptom(node, ready, reports))
        .openAfter(reports ? spec().openAfter() : unreachableFor)
        .since(began(node, ready, input));
  }

  private static @Nullable Instant began(Node node, Condition ready, RuleInput input) {
    Instant created = input.serverTime(node.meta().createdAt());
    Instant changed = input.serverTime(ready.lastTransitionAt());
    return changed != null && created != null && changed.isBefore(created) ? created : changed;
  }

  private static Symptom symptom(Node node, Condition ready, boolean reports) {
    String name = node.meta().name();
    String reason = ready.reason() == null ? "no reason given" : ready.reason();
    Map<String, List<String>> evidence = new LinkedHashMap<>();
    evidence.put("reason", List.of(reports ? "not_ready" : "unreachable"));
    evidence.put("condition", List.of("Ready=" + ready.status() + ", " + reason));
    if (ready.message() != null) {
      evidence.put("message", List.of(ready.message()));
    }
    String summary =
        reports
            ? "Node " + name + " is not ready: " + reason
            : "Node " + name + " is unreachable: its kubelet stopped reporting";
    return new Symptom(Severity.HIGH, summary, evidence);
  }
}
