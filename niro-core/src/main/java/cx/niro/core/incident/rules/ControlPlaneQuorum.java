package cx.niro.core.incident.rules;

import cx.niro.core.Severity;
import cx.niro.core.incident.IncidentRule;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.incident.Judgement;
import cx.niro.core.incident.RuleInput;
import cx.niro.core.incident.RuleSpec;
import cx.niro.core.incident.Scope;
import cx.niro.core.incident.Symptom;
import cx.niro.core.snapshot.Node;
import cx.niro.core.snapshot.Section;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Of at least three etcd nodes so few are ready, for a minute, that the next failure takes the
 * quorum, or that it is gone. Only nodes labelled {@code node-role.kubernetes.io/etcd} count, so a
 * control plane on another database has none; a node younger than 5 minutes is still joining. While
 * the only nodes that are down are cordoned, that is somebody's plan and is held, unless the quorum
 * itself is gone.
 */
final class ControlPlaneQuorum extends IncidentRule {
  private static final String ETCD = "node-role.kubernetes.io/etcd";
  private static final int FEWEST = 3;
  private static final Duration CLEAR = Duration.ofMinutes(1);

  ControlPlaneQuorum(Thresholds thresholds) {
    super(
        RuleSpec.of(IncidentType.CONTROL_PLANE_QUORUM_AT_RISK)
            .reads(Section.NODES)
            .goingBy(Section.NODES)
            .openAfter(thresholds.time(Threshold.CONTROL_PLANE_QUORUM_FOR))
            .clearAfter(CLEAR));
  }

  @Override
  protected List<Judgement> judge(RuleInput input) {
    if (!input.complete(Section.NODES)) {
      return List.of();
    }
    List<Judgement> judgements = new ArrayList<>();
    List<Node> members = new ArrayList<>();
    for (Node node : input.snapshot().objects().nodes()) {
      Duration starting = Conditions.isReady(node) ? null : Conditions.startingFor(node, input);
      if (!node.meta().labels().containsKey(ETCD)) {
        continue;
      }
      if (starting == null) {
        members.add(node);
      } else {
        judgements.add(Judgement.no(Scope.CLUSTER).recheckAt(input.now().plus(starting)));
      }
    }
    judgements.add(judge(members));
    return judgements;
  }

  private static Judgement judge(List<Node> members) {
    List<String> down = new ArrayList<>();
    int planned = 0;
    for (Node node : members) {
      if (!Conditions.isReady(node)) {
        down.add(node.meta().name());
        planned += Conditions.isCordoned(node) ? 1 : 0;
      }
    }
    int ready = members.size() - down.size();
    int half = members.size() / 2;
    if (members.size() < FEWEST || ready >= half + 2) {
      return Judgement.no(Scope.CLUSTER);
    }
    boolean lost = ready <= half;
    return !lost && ready + planned >= half + 2
        ? Judgement.held(Scope.CLUSTER)
        : Judgement.yes(Scope.CLUSTER, symptom(down, lost));
  }

  private static Symptom symptom(List<String> down, boolean lost) {
    String summary =
        lost
            ? "Too few etcd nodes are ready: the control plane has lost its quorum"
            : "One more etcd node down and the control plane loses its quorum";
    List<String> names = down.stream().sorted().toList();
    return new Symptom(Severity.HIGH, summary, Map.of("notReady", names));
  }
}
