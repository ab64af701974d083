package cx.niro.core.incident.rules;

import cx.niro.core.Severity;
import cx.niro.core.incident.IncidentRule;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.incident.Judgement;
import cx.niro.core.incident.RuleInput;
import cx.niro.core.incident.RuleSpec;
import cx.niro.core.incident.Scope;
import cx.niro.core.incident.Symptom;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.SectionStatus;
import cx.niro.core.snapshot.SectionStatus.State;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A section of the inventory cannot be read, or only in part, for 10 minutes: the agent lacks a
 * permission, the API server does not answer in time, or there is too much. Until then, and as long
 * as it lasts, rules that read the section tell nothing. A section that is switched off is no
 * error, nor are events of which only the newest are sent, nor the first 2 minutes of an agent.
 */
final class InventoryIncomplete extends IncidentRule {
  private static final Duration STARTING = Duration.ofMinutes(2);

  InventoryIncomplete(Thresholds thresholds) {
    super(
        RuleSpec.of(new IncidentType("inventory_incomplete"))
            .goingBy()
            .openAfter(thresholds.time(Threshold.INVENTORY_INCOMPLETE_FOR))
            .clearAfter(thresholds.time(Threshold.INVENTORY_INCOMPLETE_CLEAR)));
  }

  @Override
  protected List<Judgement> judge(RuleInput input) {
    return Arrays.stream(Section.values()).map(section -> judge(section, input)).toList();
  }

  private static Judgement judge(Section section, RuleInput input) {
    Scope scope = new Scope("section/" + section.wireName());
    SectionStatus status = input.snapshot().section(section);
    boolean cut = status.state() == State.PARTIAL && section != Section.EVENTS;
    if (!cut && status.state() != State.ERROR) {
      return Judgement.no(scope);
    }
    Long startedAt = input.snapshot().info().agentStartedAt();
    return input.within(STARTING, startedAt)
        ? Judgement.held(scope).recheckAt(input.now().plus(STARTING))
        : Judgement.yes(scope, symptom(section, status, input));
  }

  private static Symptom symptom(Section section, SectionStatus status, RuleInput input) {
    String how = status.state() == State.ERROR ? " cannot be read" : " are read only in part";
    return new Symptom(
        input.severity(Severity.LOW, Severity.MEDIUM, Severity.MEDIUM),
        "The cluster's " + section.wireName() + how,
        status.reason() == null ? Map.of() : Map.of("reason", List.of(status.reason())));
  }
}
