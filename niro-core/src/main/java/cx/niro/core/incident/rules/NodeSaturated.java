package cx.niro.core.incident.rules;

import cx.niro.core.Severity;
import cx.niro.core.incident.BeatFacts;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.incident.Judgement;
import cx.niro.core.incident.NodeLoads.Load;
import cx.niro.core.incident.RuleInput;
import cx.niro.core.incident.RuleSpec;
import cx.niro.core.incident.Scope;
import cx.niro.core.incident.Symptom;
import cx.niro.core.snapshot.Node;
import cx.niro.core.snapshot.Section;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A node uses more than 90 % of its allocatable CPU for 15 minutes, or more than 95 % of its memory
 * for 10. Resolves below 80 and 88 %; in between, what is open stays. Without figures nobody can
 * tell.
 */
final class NodeSaturated extends NodeRule {
  private final Kind kind;
  private final int open;
  private final int clear;

  /** What is used up. */
  enum Kind {
    CPU,
    MEMORY
  }

  private enum Level {
    UNKNOWN,
    BELOW,
    BETWEEN,
    ABOVE
  }

  private NodeSaturated(Kind kind, RuleSpec spec, int open, int clear) {
    super(spec.reads(Section.NODES, Section.METRICS));
    this.kind = kind;
    this.open = open;
    this.clear = clear;
  }

  static NodeSaturated cpu(Thresholds thresholds) {
    return new NodeSaturated(
        Kind.CPU,
        RuleSpec.of(IncidentType.NODE_CPU_SATURATED)
            .openAfter(thresholds.time(Threshold.NODE_CPU_SATURATED_FOR)),
        thresholds.count(Threshold.NODE_CPU_SATURATED_PERCENT),
        thresholds.count(Threshold.NODE_CPU_SATURATED_CLEAR_PERCENT));
  }

  static NodeSaturated memory(Thresholds thresholds) {
    return new NodeSaturated(
        Kind.MEMORY,
        RuleSpec.of(IncidentType.NODE_MEMORY_SATURATED)
            .openAfter(thresholds.time(Threshold.NODE_MEMORY_SATURATED_FOR)),
        thresholds.count(Threshold.NODE_MEMORY_SATURATED_PERCENT),
        thresholds.count(Threshold.NODE_MEMORY_SATURATED_CLEAR_PERCENT));
  }

  @Override
  protected boolean heeds(BeatFacts before, BeatFacts now) {
    Map<String, Load> was = before.loads().byUid();
    Map<String, Load> is = now.loads().byUid();
    Set<String> uids = new HashSet<>(was.keySet());
    uids.addAll(is.keySet());
    return uids.stream().anyMatch(uid -> level(was.get(uid)) != level(is.get(uid)));
  }

  @Override
  Judgement judge(Node node, Scope scope, RuleInput input) {
    return switch (level(input.facts().loads().byUid().get(node.meta().uid()))) {
      case UNKNOWN -> Judgement.unknown(scope);
      case BELOW -> Judgement.no(scope);
      case BETWEEN -> input.isOpen(scope) ? yes(node, scope, input) : Judgement.no(scope);
      case ABOVE -> yes(node, scope, input);
    };
  }

  private Level level(@Nullable Load load) {
    Integer percent =
        load == null ? null : kind == Kind.CPU ? load.cpuPercent() : load.memoryPercent();
    if (percent == null) {
      return Level.UNKNOWN;
    }
    return percent > open ? Level.ABOVE : percent < clear ? Level.BELOW : Level.BETWEEN;
  }

  private Judgement yes(Node node, Scope scope, RuleInput input) {
    Severity severity =
        kind == Kind.CPU
            ? input.severity(Severity.LOW, Severity.LOW, Severity.MEDIUM)
            : input.severity(Severity.LOW, Severity.MEDIUM, Severity.HIGH);
    String what = kind == Kind.CPU ? "CPU" : "memory";
    String summary = "Node " + node.meta().name() + " uses more than " + open + " % of its " + what;
    return Judgement.yes(scope, new Symptom(severity, summary, Map.of()));
  }
}
