package cx.niro.core.incident.rules;

import cx.niro.core.Severity;
import cx.niro.core.incident.BeatFacts;
import cx.niro.core.incident.IncidentRule;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.incident.Judgement;
import cx.niro.core.incident.RuleInput;
import cx.niro.core.incident.RuleSpec;
import cx.niro.core.incident.Scope;
import cx.niro.core.incident.Symptom;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The cluster's clock is over 30 s off the server's for 5 minutes, worse when over 300 s: then
 * tokens and certificates are taken for expired. Clears below 15 s for 10 minutes. Beats that were
 * long on their way are told from a clock that is off by the agent's uptime, see {@link BeatFacts}.
 * node_exporter's mixin alerts at 0.05 s, which heartbeats cannot measure.
 */
final class ClockSkew extends IncidentRule {
  private final Duration off;
  private final Duration far;
  private final Duration right;

  ClockSkew(Thresholds thresholds) {
    super(
        RuleSpec.of(new IncidentType("clock_skew"))
            .openAfter(thresholds.time(Threshold.CLOCK_SKEW_FOR))
            .clearAfter(thresholds.time(Threshold.CLOCK_SKEW_CLEAR)));
    off = thresholds.time(Threshold.CLOCK_SKEW);
    far = thresholds.time(Threshold.CLOCK_SKEW_FAR);
    right = thresholds.time(Threshold.CLOCK_SKEW_CLEAR_BELOW);
  }

  private enum Offset {
    UNKNOWN,
    RIGHT,
    BETWEEN,
    OFF,
    FAR
  }

  @Override
  protected boolean heeds(BeatFacts before, BeatFacts now) {
    return offset(before) != offset(now);
  }

  @Override
  protected List<Judgement> judge(RuleInput input) {
    Offset offset = offset(input.facts());
    return switch (offset) {
      case UNKNOWN -> List.of(Judgement.unknown(Scope.CLUSTER));
      case RIGHT -> List.of(Judgement.no(Scope.CLUSTER));
      case BETWEEN -> List.of(input.isOpen(Scope.CLUSTER) ? yes(input, off) : no());
      case OFF -> List.of(yes(input, off));
      case FAR -> List.of(yes(input, far));
    };
  }

  private static Judgement no() {
    return Judgement.no(Scope.CLUSTER);
  }

  private Judgement yes(RuleInput input, Duration limit) {
    Severity severity =
        limit.equals(far)
            ? input.severity(Severity.MEDIUM, Severity.HIGH, Severity.HIGH)
            : input.severity(Severity.LOW, Severity.MEDIUM, Severity.HIGH);
    Duration ahead = input.facts().clockAhead();
    String side = ahead != null && ahead.isNegative() ? "behind" : "ahead of";
    String summary =
        "The cluster's clock is over " + limit.toSeconds() + " s " + side + " the server's";
    return Judgement.yes(Scope.CLUSTER, new Symptom(severity, summary, Map.of()));
  }

  private Offset offset(BeatFacts facts) {
    Duration ahead = facts.clockAhead();
    if (ahead == null) {
      return Offset.UNKNOWN;
    }
    Duration distance = ahead.abs();
    if (distance.compareTo(far) > 0) {
      return Offset.FAR;
    }
    if (distance.compareTo(off) > 0) {
      return Offset.OFF;
    }
    return distance.compareTo(right) < 0 ? Offset.RIGHT : Offset.BETWEEN;
  }
}
