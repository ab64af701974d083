package cx.niro.core.incident.rules;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.incident.DetectionEngine;
import cx.niro.core.incident.IncidentRule;
import cx.niro.core.incident.Judgement;
import cx.niro.core.incident.RuleInput;
import cx.niro.core.incident.Scope;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Inventory;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.PodSpec;
import cx.niro.core.snapshot.Workload;
import cx.niro.core.testkit.DetectionRun;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an incident about a workload depends on. */
class UnreadyPodsTest {
  private static final PodSpec MOUNTING = APod.spec(List.of(), List.of());

  private static APod unready(String uid, String node) {
    return APod.created(1).uid(uid).phase("Running").on(node).says("Ready", "False", null, 1);
  }

  private static ClusterSnapshot cluster(Workload workload, Pod... pods) {
    return AWorkload.with(
        new Inventory(
            List.of(),
            List.of(pods),
            List.of(workload),
            List.of(),
            List.of(),
            List.of(),
            List.of()));
  }

  /** The scopes that the judgement on the only workload depends on. */
  private static List<String> dependencies(ClusterSnapshot seen) {
    List<Judgement> judged = new ArrayList<>();
    WorkloadRule rule = new DeploymentUnavailable(Thresholds.standard());
    IncidentRule listening =
        new IncidentRule(rule.spec()) {
          @Override
          protected List<Judgement> judge(RuleInput input) {
            judged.clear();
            judged.addAll(rule.judge(input));
            return judged;
          }
        };
    DetectionRun.of(DetectionEngine.of(List.of(listening))).sees(seen).passSeconds(20);
    assertThat(judged).hasSize(1);
    return judged.get(0).dependsOn().stream().map(Scope::value).sorted().toList();
  }

  @Test
  void the_node_of_the_only_missing_pod() {
    Workload web = AWorkload.of("Deployment").pods(3, 2).workload();
    Pod well = APod.created(1).uid("p2").on("n2").says("Ready", "True", null, 1).pod();
    assertThat(dependencies(cluster(web, unready("p1", "n1").pod(), well)))
        .containsExactly("node/n1");
  }

  @Test
  void the_node_that_all_missing_pods_share() {
    Workload web = AWorkload.of("Deployment").pods(3, 1).workload();
    assertThat(dependencies(cluster(web, unready("p1", "n1").pod(), unready("p2", "n1").pod())))
        .containsExactly("node/n1");
    assertThat(dependencies(cluster(web, unready("p1", "n1").pod(), unready("p2", "n2").pod())))
        .isEmpty();
  }

  @Test
  void the_claim_that_all_missing_pods_mount_by_the_template() {
    Workload web = AWorkload.of("Deployment").pods(3, 1).asks(MOUNTING).workload();
    assertThat(dependencies(cluster(web, unready("p1", "n1").pod(), unready("p2", "n2").pod())))
        .containsExactly("pvc/shop/data");
  }

  @Test
  void the_claim_that_the_pod_itself_names() {
    Workload web = AWorkload.of("Deployment").pods(3, 2).workload();
    assertThat(dependencies(cluster(web, unready("p1", "n1").asks(MOUNTING).pod())))
        .containsExactly("node/n1", "pvc/shop/data");
  }

  @Test
  void nothing_while_a_missing_pod_was_not_even_created() {
    Workload web = AWorkload.of("Deployment").pods(3, 1).workload();
    assertThat(dependencies(cluster(web, unready("p1", "n1").pod()))).isEmpty();
  }

  @Test
  void nothing_from_pods_that_are_finished_or_of_another_workload() {
    Workload web = AWorkload.of("Deployment").pods(3, 2).workload();
    Pod evicted = unready("p1", "n1").phase("Failed").pod();
    Pod done = unready("p2", "n1").phase("Succeeded").pod();
    Pod other = unready("p3", "n1").of("StatefulSet").pod();
    assertThat(dependencies(cluster(web, evicted, done, other))).isEmpty();
  }

  @Test
  void nothing_while_not_all_pods_are_known() {
    Workload web = AWorkload.of("Deployment").pods(3, 2).workload();
    ClusterSnapshot seen = cluster(web, unready("p1", "n1").pod());
    assertThat(dependencies(AWorkload.partial(seen))).isEmpty();
  }
}
