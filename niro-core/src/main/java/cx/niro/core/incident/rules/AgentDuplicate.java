package cx.niro.core.incident.rules;

import cx.niro.core.Severity;
import cx.niro.core.incident.DetectionInput.Beat;
import cx.niro.core.incident.IncidentRule;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.incident.Judgement;
import cx.niro.core.incident.RuleInput;
import cx.niro.core.incident.RuleSpec;
import cx.niro.core.incident.Scope;
import cx.niro.core.incident.Symptom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * An agent process that was superseded goes on calling: a cluster was cloned or restored, and two
 * agents have its key. The server says so with {@link Beat#bootSuperseded}, two minutes after the
 * newer process was first seen, so that a rolling update never does. Resolves when no superseded
 * process called for 10 minutes.
 */
final class AgentDuplicate extends IncidentRule {
  private static final Duration QUIET = Duration.ofMinutes(10);

  /** By how much what is remembered may be off, so that it is not written at every beat. */
  private static final Duration STEP = Duration.ofMinutes(1);

  private static final String LAST_CALL = "last call";

  AgentDuplicate() {
    super(RuleSpec.of(IncidentType.AGENT_DUPLICATE).evenWhileSilent());
  }

  @Override
  protected List<Judgement> judge(RuleInput input) {
    Beat beat = input.beat();
    long now = input.now().toEpochMilli();
    List<Long> remembered = input.memory().recall(LAST_CALL);
    long last = remembered.isEmpty() ? Long.MIN_VALUE : remembered.get(0);
    if (beat != null && beat.bootSuperseded() && last < now - STEP.toMillis()) {
      last = now;
    }
    if (last <= now - QUIET.toMillis()) {
      return List.of(Judgement.no(Scope.CLUSTER));
    }
    input.memory().remember(LAST_CALL, List.of(last));
    Instant quietAt = Instant.ofEpochMilli(last).plus(QUIET);
    return List.of(Judgement.yes(Scope.CLUSTER, symptom(input)).recheckAt(quietAt));
  }

  private static Symptom symptom(RuleInput input) {
    return new Symptom(
        input.severity(Severity.MEDIUM, Severity.HIGH, Severity.HIGH),
        "Two agents use this cluster's key: a superseded agent process goes on calling",
        Map.of());
  }
}
