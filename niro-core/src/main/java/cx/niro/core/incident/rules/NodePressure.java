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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A kubelet that says it runs short of something, and evicts pods for it, for 3 minutes. A cordoned
 * node opens nothing and keeps what is open. The kubelet itself holds the condition for 5 minutes,
 * so clearing takes as long.
 *
 * <p>kubernetes-mixin waits 10 minutes.
 */
final class NodePressure extends NodeRule {
  private final Kind kind;

  /** What runs short. */
  enum Kind {
    MEMORY("MemoryPressure", "memory", Severity.LOW, Severity.MEDIUM),
    DISK("DiskPressure", "disk space", Severity.MEDIUM, Severity.HIGH),
    PID("PIDPressure", "process ids", Severity.MEDIUM, Severity.HIGH);

    private final String condition;
    private final String words;
    private final Severity development;
    private final Severity production;

    Kind(String condition, String words, Severity development, Severity production) {
      this.condition = condition;
      this.words = words;
      this.development = development;
      this.production = production;
    }

    private IncidentType type() {
      return switch (this) {
        case MEMORY -> IncidentType.NODE_MEMORY_PRESSURE;
        case DISK -> IncidentType.NODE_DISK_PRESSURE;
        case PID -> IncidentType.NODE_PID_PRESSURE;
      };
    }
  }

  NodePressure(Kind kind, Thresholds thresholds) {
    super(
        RuleSpec.of(kind.type())
            .reads(Section.NODES)
            .goingBy(Section.NODES)
            .openAfter(thresholds.time(Threshold.NODE_PRESSURE_FOR))
            .clearAfter(thresholds.time(Threshold.NODE_PRESSURE_CLEAR)));
    this.kind = kind;
  }

  @Override
  Judgement judge(Node node, Scope scope, RuleInput input) {
    Condition pressure = Conditions.find(node.conditions(), kind.condition);
    if (pressure != null && pressure.status().equals("False")) {
      return Judgement.no(scope);
    }
    if (pressure == null || !pressure.status().equals("True")) {
      return Judgement.unknown(scope);
    }
    return Conditions.isCordoned(node)
        ? Judgement.held(scope)
        : Judgement.yes(scope, symptom(node, pressure, input))
            .since(input.serverTime(pressure.lastTransitionAt()));
  }

  private Symptom symptom(Node node, Condition pressure, RuleInput input) {
    Map<String, List<String>> evidence = new LinkedHashMap<>();
    evidence.put("condition", List.of(kind.condition + "=True"));
    if (pressure.message() != null) {
      evidence.put("message", List.of(pressure.message()));
    }
    return new Symptom(
        input.severity(kind.development, Severity.MEDIUM, kind.production),
        "Node " + node.meta().name() + " runs short of " + kind.words + " and evicts pods",
        evidence);
  }
}
