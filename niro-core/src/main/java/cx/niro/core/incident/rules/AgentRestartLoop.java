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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Three agent processes were first heard of within 15 minutes. One of another version than the one
 * before is an upgrade and does not count. Resolves when no new one came for 30 minutes. Processes
 * are told apart by their boot id, so two that take turns count once each.
 */
final class AgentRestartLoop extends IncidentRule {
  private static final String CURRENT = "current";
  private static final String STARTS = "starts";
  private static final int KEPT = 8;

  private final Duration window;
  private final Duration calm;
  private final int most;

  AgentRestartLoop(Thresholds thresholds) {
    super(RuleSpec.of(new IncidentType("agent_restart_loop")));
    window = thresholds.time(Threshold.AGENT_RESTART_LOOP_WINDOW);
    calm = thresholds.time(Threshold.AGENT_RESTART_LOOP_CLEAR);
    most = thresholds.count(Threshold.AGENT_RESTART_LOOP_STARTS);
  }

  @Override
  protected List<Judgement> judge(RuleInput input) {
    List<Long> starts = starts(input);
    if (!starts.isEmpty()) {
      input.memory().remember(STARTS, starts);
    }
    long from = input.now().minus(window).toEpochMilli();
    boolean loops = starts.stream().filter(at -> at > from).count() >= most;
    if (loops || (input.isOpen(Scope.CLUSTER) && !starts.isEmpty())) {
      Instant calmAt = Instant.ofEpochMilli(starts.get(starts.size() - 1)).plus(calm);
      return List.of(Judgement.yes(Scope.CLUSTER, symptom(input)).recheckAt(calmAt));
    }
    return List.of(Judgement.no(Scope.CLUSTER));
  }

  /** When the newest processes were first heard of, with the one that calls now, oldest first. */
  private List<Long> starts(RuleInput input) {
    long now = input.now().toEpochMilli();
    List<Long> starts = new ArrayList<>(input.memory().recall(STARTS));
    starts.removeIf(at -> at <= now - calm.toMillis());
    List<Long> current = input.memory().recall(CURRENT);
    Beat beat = input.beat();
    String version = input.snapshot().info().agentVersion();
    long hash = version == null ? 0 : version.hashCode();
    if (beat == null || (current.size() == 2 && current.get(0) == beat.bootGeneration())) {
      if (!current.isEmpty()) {
        input.memory().remember(CURRENT, current);
      }
      return starts;
    }
    input.memory().remember(CURRENT, List.of(beat.bootGeneration(), hash));
    boolean upgraded = current.size() == 2 && current.get(1) != hash;
    if (!current.isEmpty() && !upgraded) {
      starts.add(now);
    }
    return starts.subList(Math.max(0, starts.size() - KEPT), starts.size());
  }

  private static Symptom symptom(RuleInput input) {
    return new Symptom(
        input.severity(Severity.LOW, Severity.MEDIUM, Severity.MEDIUM),
        "The agent starts again and again",
        Map.of());
  }
}
