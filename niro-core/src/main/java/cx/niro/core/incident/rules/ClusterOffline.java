package cx.niro.core.incident.rules;

import cx.niro.core.Severity;
import cx.niro.core.incident.DetectionInput.Liveness;
import cx.niro.core.incident.IncidentRule;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.incident.Judgement;
import cx.niro.core.incident.RuleInput;
import cx.niro.core.incident.RuleSpec;
import cx.niro.core.incident.Scope;
import cx.niro.core.incident.Symptom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/**
 * No heartbeat for the offline window, which is a setting of the server and of each cluster: 150 s
 * by default. A cluster that never beat is pending and not offline. Only an accepted heartbeat
 * resolves it, at once; a restart of the server, which starts a new grace, does not.
 */
final class ClusterOffline extends IncidentRule {

  ClusterOffline() {
    super(RuleSpec.of(IncidentType.CLUSTER_OFFLINE).evenWhileSilent());
  }

  @Override
  protected List<Judgement> judge(RuleInput input) {
    Liveness liveness = input.liveness();
    Instant lastBeatAt = liveness.lastBeatAt();
    if (lastBeatAt == null) {
      return List.of();
    }
    Instant deadline = liveness.silentSince().plus(liveness.offlineAfter());
    boolean silent = !input.now().isBefore(deadline);
    boolean silentInFact = !input.now().isBefore(lastBeatAt.plus(liveness.offlineAfter()));
    if (silent || (input.isOpen(Scope.CLUSTER) && silentInFact)) {
      return List.of(offline(liveness, lastBeatAt));
    }
    return List.of(Judgement.no(Scope.CLUSTER).recheckAt(deadline));
  }

  private static Judgement offline(Liveness liveness, Instant lastBeatAt) {
    String last = lastBeatAt.truncatedTo(ChronoUnit.SECONDS).toString();
    Duration limit = liveness.offlineAfter();
    Symptom symptom =
        new Symptom(
            Severity.HIGH,
            "No heartbeat since " + last + " (limit " + limit.toSeconds() + " s)",
            Map.of("lastHeartbeat", List.of(last)));
    return Judgement.yes(Scope.CLUSTER, symptom).since(lastBeatAt);
  }
}
