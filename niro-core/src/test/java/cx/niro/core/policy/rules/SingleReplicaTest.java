package cx.niro.core.policy.rules;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.Environment;
import cx.niro.core.Severity;
import cx.niro.core.policy.PolicyContext;
import cx.niro.core.snapshot.Autoscaler;
import cx.niro.core.snapshot.ClusterInfo;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Inventory;
import cx.niro.core.snapshot.Node;
import cx.niro.core.snapshot.PersistentVolumeClaim;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.Resource;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.SectionStatus.State;
import cx.niro.core.snapshot.Workload;
import cx.niro.core.testkit.Clusters;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SingleReplicaTest {
  private static final String APP = "{'containers': [{'name': 'app'}]}";
  private static final String DATA =
      "{'containers': [{'name': 'app'}], 'volumes': [{'name': 'd', 'type': 'persistentVolumeClaim', 'claimName': 'data'}]}";

  private static Workload replicas(String members) {
    return Clusters.workload("Deployment", "web", members, APP);
  }

  private static Judged judged(Resource... objects) {
    return Judged.by("single-replica", Clusters.of(objects));
  }

  private static Autoscaler autoscaler(String minimum) {
    return Clusters.read(
        Autoscaler.class,
        "{'meta': {'uid': 'a', 'namespace': 'shop', 'name': 'web'}, 'target': {'kind': 'Deployment', 'name': 'web'}%s}"
            .formatted(minimum));
  }

  @Test
  void one_replica_is_told_lightly_until_it_is_production() {
    Judged one = judged(replicas("'desiredReplicas': 1"));
    assertThat(one.severities()).containsExactly(Severity.INFO, Severity.INFO, Severity.HIGH);
    assertThat(one.finding().message()).isEqualTo("Runs as a single replica");
    assertThat(one.under(PolicyContext.of(Environment.UNSPECIFIED)).finding().severity())
        .isEqualTo(Severity.INFO);
  }

  @Test
  void replicas_that_are_not_said_are_one() {
    assertThat(judged(replicas("'paused': false")).state()).isEqualTo("fail");
  }

  @Test
  void a_stateful_set_counts_too() {
    Workload db = Clusters.workload("StatefulSet", "db", "'desiredReplicas': 1", APP);
    assertThat(judged(db).on("ns/shop/StatefulSet/db").state().wireName()).isEqualTo("fail");
  }

  @Test
  void two_replicas_pass() {
    assertThat(judged(replicas("'desiredReplicas': 2")).state()).isEqualTo("pass");
  }

  @Test
  void none_wanted_is_no_accusation() {
    assertThat(judged(replicas("'desiredReplicas': 0")).state()).isEqualTo("not_applicable");
  }

  @Test
  void daemon_sets_jobs_and_pods_have_no_replicas_to_add() {
    for (String kind : List.of("DaemonSet", "Job", "CronJob", "ReplicaSet")) {
      Workload other = Clusters.workload(kind, "x", "'desiredReplicas': 1", APP);
      assertThat(judged(other).on("ns/shop/" + kind + "/x").state().wireName())
          .isEqualTo("not_applicable");
    }
  }

  @Test
  void an_autoscaler_that_keeps_two_is_enough() {
    Workload one = replicas("'desiredReplicas': 1");
    assertThat(judged(one, autoscaler(", 'minReplicas': 2")).state()).isEqualTo("pass");
    assertThat(judged(one, autoscaler(", 'minReplicas': 1")).state()).isEqualTo("fail");
    assertThat(judged(one, autoscaler("")).state()).isEqualTo("fail");
  }

  @Test
  void an_autoscaler_of_another_namespace_or_kind_is_not_its() {
    Workload one = replicas("'desiredReplicas': 1");
    for (String other :
        List.of(
            "{'meta': {'uid': 'a', 'namespace': 'else', 'name': 'web'}, 'minReplicas': 3, 'target': {'kind': 'Deployment', 'name': 'web'}}",
            "{'meta': {'uid': 'a', 'namespace': 'shop', 'name': 'web'}, 'minReplicas': 3, 'target': {'kind': 'StatefulSet', 'name': 'web'}}",
            "{'meta': {'uid': 'a', 'namespace': 'shop', 'name': 'web'}, 'minReplicas': 3, 'target': {'kind': 'Deployment', 'name': 'api'}}",
            "{'meta': {'uid': 'a', 'namespace': 'shop', 'name': 'web'}, 'minReplicas': 3}")) {
      assertThat(judged(one, Clusters.read(Autoscaler.class, other)).state()).isEqualTo("fail");
    }
  }

  @Test
  void a_cluster_of_one_node_gains_nothing_by_a_second_replica() {
    Judged one = judged(replicas("'desiredReplicas': 1"), Node.of("n1", "n1", true));
    assertThat(one.state()).isEqualTo("not_applicable");
  }

  @Test
  void a_deployment_that_is_recreated_for_its_volume_cannot_have_two() {
    String recreate = "'desiredReplicas': 1, 'rollout': {'strategy': 'Recreate'}";
    Workload holds = Clusters.workload("Deployment", "web", recreate, DATA);
    assertThat(judged(holds).state()).isEqualTo("not_applicable");
    assertThat(judged(holds, claim("ReadWriteOnce")).state()).isEqualTo("not_applicable");
    assertThat(judged(holds, claim("ReadWriteMany")).state()).isEqualTo("fail");
    assertThat(judged(Clusters.workload("Deployment", "web", recreate, APP)).state())
        .isEqualTo("fail");
    String rolls = "'desiredReplicas': 1, 'rollout': {'strategy': 'RollingUpdate'}";
    assertThat(judged(Clusters.workload("Deployment", "web", rolls, DATA)).state())
        .isEqualTo("fail");
  }

  private static PersistentVolumeClaim claim(String mode) {
    return Clusters.read(
        PersistentVolumeClaim.class,
        "{'meta': {'uid': 'c', 'namespace': 'shop', 'name': 'data'}, 'accessModes': ['%s']}"
            .formatted(mode));
  }

  @Test
  void what_was_not_reported_is_unknown() {
    ClusterSnapshot one = Clusters.of(replicas("'desiredReplicas': 1"));
    ClusterSnapshot noScalers = Clusters.with(one, Section.AUTOSCALERS, State.ERROR);
    assertThat(Judged.by("single-replica", noScalers).state()).isEqualTo("unknown");
    ClusterSnapshot noNodes = Clusters.with(withoutNodes(one), Section.NODES, State.PARTIAL);
    assertThat(Judged.by("single-replica", noNodes).state()).isEqualTo("unknown");
    ClusterSnapshot someNodes = Clusters.with(one, Section.NODES, State.PARTIAL);
    assertThat(Judged.by("single-replica", someNodes).state()).isEqualTo("fail");
    ClusterSnapshot two =
        Clusters.with(
            Clusters.of(replicas("'desiredReplicas': 2")), Section.AUTOSCALERS, State.OFF);
    assertThat(Judged.by("single-replica", two).state()).isEqualTo("pass");
  }

  @Test
  void where_only_pods_are_reported_the_replicas_are_unknown() {
    Pod pod =
        Clusters.read(
            Pod.class,
            "{'meta': {'uid': 'p', 'namespace': 'shop', 'name': 'web-1', 'rootOwner': {'kind': 'Deployment', 'name': 'web'}}, 'spec': %s, 'status': {'phase': 'Running'}}"
                .formatted(APP));
    assertThat(judged(pod).state()).isEqualTo("unknown");
  }

  @Test
  void manifests_have_no_nodes_and_are_judged_all_the_same() {
    Judged manifest =
        Judged.by(
            "single-replica",
            new ClusterSnapshot(
                ClusterInfo.EMPTY,
                Map.of(),
                withoutNodes(Clusters.of(replicas("'desiredReplicas': 1"))).objects()));
    PolicyContext files = PolicyContext.of(Environment.PRODUCTION).forManifests();
    assertThat(manifest.under(files).state()).isEqualTo("fail");
  }

  private static ClusterSnapshot withoutNodes(ClusterSnapshot snapshot) {
    Inventory was = snapshot.objects();

    return new ClusterSnapshot(
        snapshot.info(),
        snapshot.sections(),
        new Inventory(
            List.of(),
            was.pods(),
            was.workloads(),
            was.events(),
            was.persistentVolumeClaims(),
            was.serviceAccounts(),
            was.autoscalers()));
  }
}
