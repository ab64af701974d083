package cx.niro.core.incident.rules;

import cx.niro.core.ClusterId;
import cx.niro.core.Environment;
import cx.niro.core.incident.DetectionEngine;
import cx.niro.core.incident.DetectionInput;
import cx.niro.core.incident.DetectionInput.Beat;
import cx.niro.core.incident.DetectionInput.Liveness;
import cx.niro.core.incident.DetectionState;
import cx.niro.core.incident.IncidentRule;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.incident.Judgement;
import cx.niro.core.incident.RuleInput;
import cx.niro.core.incident.RuleSpec;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Section;
import cx.niro.core.testkit.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What a rule says of a cluster that it sees for the first time. */
final class Judged {
  private Judged() {}

  /** {@code judge} is a rule's method of that name. */
  static List<Judgement> of(Function<RuleInput, List<Judgement>> judge, ClusterSnapshot snapshot) {
    List<Judgement> judged = new ArrayList<>();
    Instant now = ManualTime.START;
    Liveness liveness = new Liveness(now, now, Duration.ofSeconds(65), Duration.ofSeconds(150));
    Beat beat = new Beat(now, 1, 1, false);
    DetectionInput input =
        new DetectionInput(new ClusterId("c1"), Environment.STAGING, snapshot, beat, liveness, now);
    IncidentRule listening =
        new IncidentRule(RuleSpec.of(new IncidentType("listening")).reads(Section.PODS)) {
          @Override
          protected List<Judgement> judge(RuleInput seen) {
            judged.addAll(judge.apply(seen));
            return judged;
          }
        };
    DetectionEngine.of(List.of(listening)).evaluate(DetectionState.EMPTY, input);
    return judged;
  }
}
