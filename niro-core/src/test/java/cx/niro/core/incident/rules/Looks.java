package cx.niro.core.incident.rules;

import cx.niro.core.incident.DetectionEngine;
import cx.niro.core.incident.IncidentRule;
import cx.niro.core.incident.Judgement;
import cx.niro.core.incident.RuleInput;
import cx.niro.core.incident.RuleSpec;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.testkit.DetectionRun;
import java.util.ArrayList;
import java.util.List;

/** What a rule about pods sees in each pod, asked of all of them whether calm or not. */
final class Looks {
  private Looks() {}

  static <S extends PodRule.Subject> List<String> wrong(PodRule<S> rule, ClusterSnapshot all) {
    List<String> wrong = new ArrayList<>();
    IncidentRule asking =
        new IncidentRule(RuleSpec.of(rule.spec().type())) {
          @Override
          protected List<Judgement> judge(RuleInput input) {
            PodSight sight = new PodSight(input, rule.spec().type());
            for (Pod pod : input.snapshot().objects().pods()) {
              look(rule, new PodSubject(pod, sight), wrong);
            }
            return List.of();
          }
        };
    DetectionRun.of(DetectionEngine.of(List.of(asking))).sees(all).passSeconds(1);
    return wrong;
  }

  private static <S extends PodRule.Subject> void look(
      PodRule<S> rule, PodSubject pod, List<String> wrong) {
    for (S subject : rule.subjects(pod)) {
      if (rule.look(subject) == PodRule.Look.WRONG) {
        wrong.add(rule.spec().type() + " " + subject.scope());
      }
    }
  }
}
