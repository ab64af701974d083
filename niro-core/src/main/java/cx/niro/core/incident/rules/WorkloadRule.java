package cx.niro.core.incident.rules;

import cx.niro.core.incident.IncidentRule;
import cx.niro.core.incident.Judgement;
import cx.niro.core.incident.RuleInput;
import cx.niro.core.incident.RuleSpec;
import cx.niro.core.incident.Scope;
import cx.niro.core.snapshot.Workload;
import cx.niro.core.snapshot.Workload.Replicas;
import java.util.ArrayList;
import java.util.List;

/**
 * A rule that looks at the workloads of one kind, one by one. Not at those being deleted, nor at
 * those that their owner exempts by the annotation {@code niro.cx/exempt-<type>}. What is wrong
 * depends on what all pods that are not ready have in common.
 */
abstract class WorkloadRule extends IncidentRule {
  static final String EXEMPT = "niro.cx/exempt-";

  private final String kind;

  WorkloadRule(String kind, RuleSpec spec) {
    super(spec);
    this.kind = kind;
  }

  abstract Judgement judge(WorkloadSubject subject, UnreadyPods pods);

  @Override
  protected final List<Judgement> judge(RuleInput input) {
    UnreadyPods pods = new UnreadyPods(input);
    List<Judgement> judgements = new ArrayList<>();
    for (Workload workload : input.snapshot().objects().workloads()) {
      if (workload.kind().equals(kind) && isJudged(workload)) {
        judgements.add(judge(workload, pods, input));
      }
    }
    return judgements;
  }

  private Judgement judge(Workload workload, UnreadyPods pods, RuleInput input) {
    Replicas replicas = workload.replicas();
    Scope scope = WorkloadSubject.scope(workload);
    if (replicas == null) {
      return Judgement.unknown(scope);
    }
    WorkloadSubject subject = new WorkloadSubject(workload, replicas, input);
    Judgement judgement = judge(subject, pods);
    return judgement.symptom() == null ? judgement : judgement.dependsOn(pods.common(subject));
  }

  private boolean isJudged(Workload workload) {
    return workload.meta().deletedAt() == null
        && !workload.meta().annotations().containsKey(EXEMPT + spec().type());
  }
}
