package cx.niro.core.policy;

import static cx.niro.core.Severity.LOW;
import static cx.niro.core.Severity.MEDIUM;
import static cx.niro.core.policy.Given.ENGINE;
import static cx.niro.core.policy.Given.PLAIN;
import static cx.niro.core.policy.Given.PRIVILEGED;
import static cx.niro.core.policy.Given.STAGING;
import static cx.niro.core.policy.Given.WEB;
import static cx.niro.core.policy.Given.owned;
import static cx.niro.core.policy.Given.pod;
import static cx.niro.core.policy.Given.result;
import static cx.niro.core.policy.Given.state;
import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.incident.Scope;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.Resource;
import cx.niro.core.snapshot.Workload;
import cx.niro.core.testkit.Clusters;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicySubjectsTest {
  @Test
  void ten_pods_of_a_deployment_are_one_finding() {
    List<Resource> objects = new ArrayList<>(List.of(Clusters.deployment(PRIVILEGED)));
    for (int i = 0; i < 10; i++) {
      String meta =
          ", 'labels': {'pod-template-hash': 'abc'}, 'owner': {'kind': 'ReplicaSet', 'name': 'web-abc'}";
      objects.add(pod("web-abc-" + i, meta, PRIVILEGED, "Running"));
    }
    assertThat(ENGINE.evaluate(Clusters.of(objects.toArray(new Resource[0])), STAGING).findings())
        .filteredOn(one -> one.rule().value().equals("privileged-container"))
        .extracting(Finding::scope)
        .containsExactly(new Scope(WEB));
  }

  @Test
  void the_template_counts_and_not_what_was_injected_into_pods() {
    String meta =
        ", 'labels': {'pod-template-hash': 'abc'}, 'owner': {'kind': 'ReplicaSet', 'name': 'web-abc'}";
    assertThat(
            state(
                "privileged-container",
                WEB,
                STAGING,
                Clusters.deployment(PLAIN),
                pod("web-abc-1", meta, PRIVILEGED, "Running")))
        .isEqualTo("pass");
  }

  @Test
  void without_a_template_the_newest_live_pod_stands_for_its_owner() {
    Pod old = pod("db-0", owned("Cluster", "db", 1), PLAIN, "Running");
    Pod newest = pod("db-1", owned("Cluster", "db", 2), PRIVILEGED, "Running");
    Pod ended = pod("db-2", owned("Cluster", "db", 3), PLAIN, "Failed");
    Pod going = pod("db-3", owned("Cluster", "db", 4) + ", 'deletedAt': 9", PLAIN, "Running");
    for (List<Pod> order : List.of(List.of(old, newest), List.of(newest, old))) {
      assertThat(
              state(
                  "privileged-container",
                  "ns/shop/Cluster/db",
                  STAGING,
                  order.get(0),
                  order.get(1),
                  ended,
                  going))
          .isEqualTo("fail");
    }
  }

  @Test
  void a_cron_job_is_judged_itself_and_not_by_each_of_its_jobs() {
    Workload cron = Clusters.workload("CronJob", "backup", "'paused': false", PRIVILEGED);
    Workload job =
        Clusters.read(
            Workload.class,
            "{'meta': {'uid': 'j', 'namespace': 'shop', 'name': 'backup-1%s}, 'kind': 'Job', 'template': %s}"
                .formatted("'" + owned("CronJob", "backup", 1), PRIVILEGED));
    for (Resource[] objects : List.of(new Resource[] {cron, job}, new Resource[] {job})) {
      assertThat(ENGINE.evaluate(Clusters.of(objects), STAGING).findings())
          .extracting(one -> one.scope().value())
          .containsOnly("ns/shop/CronJob/backup");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'job': {'completedAt': 5}",
        "'conditions': [{'type': 'Failed', 'status': 'True'}], 'job': {}",
        "'conditions': [{'type': 'Complete', 'status': 'True'}], 'job': {}"
      })
  void a_finished_job_is_left_alone_and_so_are_its_pods(String members) {
    Workload job = Clusters.workload("Job", "once", members, PRIVILEGED);
    Pod pod = pod("once-1", owned("Job", "once", 1), PRIVILEGED, "Running");
    assertThat(ENGINE.evaluate(Clusters.of(job, pod), STAGING).results()).isEmpty();
  }

  @Test
  void a_running_job_is_judged() {
    Workload job =
        Clusters.workload(
            "Job",
            "once",
            "'job': {'active': 1}, 'conditions': [{'type': 'Complete', 'status': 'False'}]",
            PRIVILEGED);
    assertThat(state("privileged-container", "ns/shop/Job/once", STAGING, job)).isEqualTo("fail");
  }

  @Test
  void what_is_being_deleted_is_left_alone() {
    Workload going =
        Clusters.read(
            Workload.class,
            "{'meta': {'uid': 'u', 'namespace': 'shop', 'name': 'web', 'deletedAt': 7}, 'kind': 'Deployment', 'template': %s}"
                .formatted(PRIVILEGED));
    assertThat(ENGINE.evaluate(Clusters.of(going), STAGING).results()).isEmpty();
  }

  @Test
  void what_is_wanted_with_no_pods_is_never_worse_than_low() {
    Workload idle = Clusters.workload("Deployment", "web", "'desiredReplicas': 0", PRIVILEGED);
    assertThat(result("privileged-container", WEB, STAGING, Clusters.of(idle)).finding().severity())
        .isEqualTo(LOW);
  }

  @Test
  void a_pod_that_nothing_controls_is_told() {
    Pod bare = pod("tool", ", 'createdAt': 1000", PLAIN, "Running");
    assertThat(state("bare-pod", "ns/shop/Pod/tool", STAGING, bare)).isEqualTo("fail");
    assertThat(
            result("bare-pod", "ns/shop/Pod/tool", STAGING, Clusters.of(bare)).finding().severity())
        .isEqualTo(MEDIUM);
    Pod hook = pod("t", ", 'annotations': {'helm.sh/hook': 'test'}", PLAIN, "Running");
    assertThat(state("bare-pod", "ns/shop/Pod/t", STAGING, hook)).isEqualTo("not_applicable");
    Pod owned = pod("db-0", owned("Cluster", "db", 1), PLAIN, "Running");
    assertThat(state("bare-pod", "ns/shop/Cluster/db", STAGING, owned)).isEqualTo("not_applicable");
    assertThat(state("bare-pod", WEB, STAGING, Clusters.deployment(PLAIN)))
        .isEqualTo("not_applicable");
  }

  @Test
  void somebody_looking_around_is_spared_for_an_hour() {
    ClusterSnapshot snapshot = Clusters.of(pod("tool", ", 'createdAt': 1000", PLAIN, "Running"));
    PolicyContext young = STAGING.at(Instant.ofEpochMilli(1000).plus(Duration.ofMinutes(50)));
    PolicyEvaluation evaluation = ENGINE.evaluate(snapshot, young);
    assertThat(evaluation.result(new PolicyId("bare-pod"), new Scope("ns/shop/Pod/tool")).state())
        .isEqualTo(PolicyState.NOT_APPLICABLE);
    assertThat(evaluation.recheckAfter()).isEqualTo(Duration.ofMinutes(10));
    PolicyEvaluation later =
        ENGINE.evaluate(snapshot, young.at(Instant.ofEpochMilli(1000).plus(Duration.ofHours(1))));
    assertThat(later.result(new PolicyId("bare-pod"), new Scope("ns/shop/Pod/tool")).state())
        .isEqualTo(PolicyState.FAIL);
    assertThat(later.recheckAfter()).isNull();
  }

  @Test
  void an_object_whose_names_are_beyond_reason_is_left_out_and_the_others_are_judged() {
    String far = "x".repeat(1000);
    Pod pod = pod("p", owned(far, "o", 1), PRIVILEGED, "Running");
    Workload kind =
        Clusters.read(
            Workload.class,
            "{'meta': {'uid': 'k', 'namespace': 'shop', 'name': 'k'}, 'kind': '%s', 'template': %s}"
                .formatted(far, PRIVILEGED));
    assertThat(
            ENGINE.evaluate(Clusters.of(pod, kind, Clusters.deployment(PLAIN)), STAGING).results())
        .extracting(one -> one.scope().value())
        .containsOnly(WEB);
  }
}
