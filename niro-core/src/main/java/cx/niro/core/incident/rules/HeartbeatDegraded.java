package cx.niro.core.incident.rules;

import cx.niro.core.Severity;
import cx.niro.core.incident.BeatFacts;
import cx.niro.core.incident.DetectionInput.Liveness;
import cx.niro.core.incident.IncidentRule;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.incident.Judgement;
import cx.niro.core.incident.RuleInput;
import cx.niro.core.incident.RuleSpec;
import cx.niro.core.incident.Scope;
import cx.niro.core.incident.Symptom;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Heartbeats arrive, but not as announced: fewer than 70 % of them within 15 minutes, or 3 gaps of
 * over 3 intervals, for 15 minutes. Clears at 90 % for 10 minutes; what is between changes nothing.
 * The interval is the one that the agent announces, so a server that asks for a slower one is no
 * trap. The numbers are this project's.
 */
final class HeartbeatDegraded extends IncidentRule {
  private final int least;
  private final int enough;
  private final int gaps;

  HeartbeatDegraded(Thresholds thresholds) {
    super(
        RuleSpec.of(new IncidentType("heartbeat_degraded"))
            .openAfter(thresholds.time(Threshold.HEARTBEAT_DEGRADED_FOR))
            .clearAfter(thresholds.time(Threshold.HEARTBEAT_DEGRADED_CLEAR))
            .evenWhileSilent());
    least = thresholds.count(Threshold.HEARTBEAT_DEGRADED_PERCENT);
    enough = thresholds.count(Threshold.HEARTBEAT_DEGRADED_CLEAR_PERCENT);
    gaps = thresholds.count(Threshold.HEARTBEAT_DEGRADED_GAPS);
  }

  private enum Delivery {
    BAD,
    BETWEEN,
    GOOD
  }

  @Override
  protected boolean heeds(BeatFacts before, BeatFacts now) {
    return delivery(before) != delivery(now);
  }

  @Override
  protected List<Judgement> judge(RuleInput input) {
    Delivery delivery = delivery(input.facts());
    if (delivery == null || isOffline(input)) {
      return List.of(Judgement.unknown(Scope.CLUSTER));
    }
    boolean bad =
        delivery == Delivery.BAD || (delivery == Delivery.BETWEEN && input.isOpen(Scope.CLUSTER));
    return List.of(
        bad ? Judgement.yes(Scope.CLUSTER, symptom(input)) : Judgement.no(Scope.CLUSTER));
  }

  private @Nullable Delivery delivery(BeatFacts facts) {
    Integer percent = facts.receivedPercent();
    if (percent == null) {
      return null;
    }
    if (percent < least || facts.longGaps() >= gaps) {
      return Delivery.BAD;
    }
    return percent < enough ? Delivery.BETWEEN : Delivery.GOOD;
  }

  private static boolean isOffline(RuleInput input) {
    Liveness liveness = input.liveness();
    return liveness.lastBeatAt() == null
        || !input.now().isBefore(liveness.silentSince().plus(liveness.offlineAfter()));
  }

  private Symptom symptom(RuleInput input) {
    Severity severity = input.severity(Severity.LOW, Severity.LOW, Severity.MEDIUM);
    String summary =
        "Heartbeats get lost: fewer than "
            + least
            + " % of them arrive, or none for several intervals again and again";
    return new Symptom(severity, summary, Map.of());
  }
}
