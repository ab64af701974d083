package cx.niro.core.incident.rules;

import cx.niro.core.Severity;
import cx.niro.core.incident.IncidentRule;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.incident.Judgement;
import cx.niro.core.incident.RuleInput;
import cx.niro.core.incident.RuleSpec;
import cx.niro.core.incident.Scope;
import cx.niro.core.incident.Symptom;
import cx.niro.core.snapshot.ClusterInfo.ApiHealth;
import java.util.List;
import java.util.Map;

/**
 * The agent beats, but its own calls to the API server fail or {@code /readyz} is not well, for 2
 * minutes: a single k3s server needs about one to restart. A call that is refused for want of a
 * permission was answered.
 */
final class ApiServerUnreachable extends IncidentRule {

  ApiServerUnreachable(Thresholds thresholds) {
    super(
        RuleSpec.of(new IncidentType("api_server_unreachable"))
            .goingBy()
            .openAfter(thresholds.time(Threshold.API_SERVER_UNREACHABLE_FOR))
            .clearAfter(thresholds.time(Threshold.API_SERVER_UNREACHABLE_CLEAR)));
  }

  @Override
  protected List<Judgement> judge(RuleInput input) {
    ApiHealth health = input.snapshot().info().api();
    if (health == null || health.reachable() == null) {
      return List.of(Judgement.unknown(Scope.CLUSTER));
    }
    if (!health.reachable()) {
      return List.of(yes(input, "The agent cannot reach the API server"));
    }
    return List.of(
        Boolean.FALSE.equals(health.readyzOk())
            ? yes(input, "The API server answers that it is not ready")
            : Judgement.no(Scope.CLUSTER));
  }

  private static Judgement yes(RuleInput input, String summary) {
    Severity severity = input.severity(Severity.MEDIUM, Severity.HIGH, Severity.HIGH);
    return Judgement.yes(Scope.CLUSTER, new Symptom(severity, summary, Map.of()));
  }
}
