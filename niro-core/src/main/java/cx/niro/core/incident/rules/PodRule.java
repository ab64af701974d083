package cx.niro.core.incident.rules;

import cx.niro.core.incident.IncidentRule;
import cx.niro.core.incident.Judgement;
import cx.niro.core.incident.RuleInput;
import cx.niro.core.incident.RuleSpec;
import cx.niro.core.incident.Scope;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.Section;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A rule that looks at pods, or at their containers, one by one, and says of each that it is wrong,
 * well, or neither: on its way, or bad in a way that is another rule's. Neither opens nothing and
 * resolves nothing. Whatever is wrong with a pod younger than a minute, or on a node that is not
 * ready, is not judged yet, and no time counts from before the node was ready.
 *
 * <p>While nothing is open or pending, only {@linkplain Surroundings#restless restless} pods are
 * looked at: a calm one is not wrong by any of these rules.
 *
 * @param <S> what is looked at
 */
abstract class PodRule<S extends PodRule.Subject> extends IncidentRule {

  enum Look {
    WRONG,
    WELL,
    NEITHER
  }

  /** What a verdict is about. */
  interface Subject {
    PodSubject about();

    Scope scope();
  }

  PodRule(RuleSpec spec) {
    super(spec.goingBy(Section.PODS, Section.NODES, Section.EVENTS, Section.WORKLOADS));
  }

  /** What there is to look at in a pod. */
  abstract List<S> subjects(PodSubject pod);

  /** Reads a few fields of the status. */
  abstract Look look(S subject);

  /** The judgement on what is wrong. */
  abstract Judgement wrong(S subject);

  @Override
  protected final List<Judgement> judge(RuleInput input) {
    PodSight sight = new PodSight(input, spec().type());
    List<Judgement> judgements = new ArrayList<>();
    for (Pod pod : input.isQuiet() ? sight.restless() : input.snapshot().objects().pods()) {
      if (sight.judges(pod) && !PodSight.isFailed(pod)) {
        judge(pod, sight, judgements);
      }
    }
    return judgements;
  }

  private void judge(Pod pod, PodSight sight, List<Judgement> judgements) {
    for (S subject : subjects(new PodSubject(pod, sight))) {
      Judgement judgement = judge(subject, sight);
      if (judgement != null) {
        judgements.add(judgement);
      }
    }
  }

  private @Nullable Judgement judge(S subject, PodSight sight) {
    Look look = look(subject);
    Pod pod = subject.about().pod();
    boolean down = sight.isDown(pod);
    if (sight.input().isQuiet() && (down || look != Look.WRONG)) {
      return null;
    }
    if (down || look == Look.NEITHER) {
      return Judgement.unknown(subject.scope());
    }
    if (look == Look.WELL) {
      return Judgement.no(subject.scope());
    }
    Judgement wrong = wrong(subject);
    return subject.about().grown(wrong.since(sight.whileNodeReady(pod, wrong.since())));
  }
}
