package cx.niro.core.incident.rules;

import static cx.niro.core.testkit.DetectionRun.clusterMillis;
import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.Environment;
import cx.niro.core.Severity;
import cx.niro.core.incident.DetectionEngine;
import cx.niro.core.incident.Seen;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.testkit.DetectionRun;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PodEvictedTest {
  private static final String MEMORY =
      "The node was low on resource: memory. Threshold quantity: 100Mi, available: 91Ki.";

  private final DetectionRun run = DetectionRun.of(DetectionEngine.of(List.of(new PodEvicted())));

  private static APod evicted(String uid, long at) {
    return APod.created(1L)
        .uid(uid)
        .phase("Failed")
        .because("Evicted", MEMORY)
        .says("Ready", "False", "PodFailed", at);
  }

  private APod evictedNow() {
    return evicted("p1", clusterMillis(run.now()));
  }

  @Test
  void opens_at_once_and_is_over_an_hour_later_though_the_pod_stays_in_the_list() {
    run.passMinutes(5);
    run.sees(evictedNow().alone()).passSeconds(15);
    assertThat(run.openScopes()).containsExactly("ns/shop/Deployment/web");
    run.passSeconds(3600 - 15 - 1);
    assertThat(run.story()).containsExactly("opened");
    run.passMinutes(180);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @ParameterizedTest
  @CsvSource({"899, true", "900, false"})
  void one_that_is_left_over_is_news_for_a_quarter_of_an_hour(int secondsAgo, boolean opens) {
    run.passMinutes(20);
    run.sees(evicted("p1", run.ago(Duration.ofSeconds(secondsAgo - 1))).alone()).passMinutes(5);
    assertThat(run.opened()).hasSize(opens ? 1 : 0);
  }

  @Test
  void the_end_of_its_containers_tells_the_time_too() {
    run.passMinutes(5);
    APod pod = evicted("p1", 1L).with(Seen.ended("app", 0, Seen.exit(137, run.ago(Duration.ZERO))));
    run.sees(pod.alone()).passSeconds(15);
    assertThat(run.opened()).hasSize(1);
  }

  @Test
  void one_that_was_refused_on_arrival_is_dated_by_its_start() {
    run.passMinutes(5);
    APod refused =
        APod.created(run.ago(Duration.ofSeconds(90)))
            .phase("Failed")
            .because("Evicted", "The node had condition: [MemoryPressure].");
    run.sees(refused.alone()).passSeconds(15);
    assertThat(run.opened().get(0).evidence()).containsEntry("reason", List.of("memory"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Preempting", "NodeShutdown", "Terminated", "NodeLost"})
  void other_reasons_are_no_eviction(String reason) {
    run.sees(evictedNow().because(reason, MEMORY).alone()).passMinutes(5);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void only_failed_pods_were_evicted() {
    run.sees(evictedNow().phase("Running").alone()).passMinutes(5);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void pods_of_jobs_are_left_alone() {
    run.sees(evictedNow().of("Job").alone()).passMinutes(5);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void pods_on_a_node_that_is_not_ready_say_nothing() {
    run.sees(evictedNow().onNode("Unknown")).passMinutes(5);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void the_same_pod_is_counted_once() {
    run.passMinutes(5);
    run.sees(evictedNow().alone()).passMinutes(30);
    assertThat(run.story()).containsExactly("opened");
    assertThat(run.opened().get(0).severity()).isEqualTo(Severity.LOW);
  }

  @ParameterizedTest
  @CsvSource({"1800, MEDIUM", "1801, LOW"})
  void three_of_a_workload_within_half_an_hour_are_one_severity_higher(
      int firstAgo, Severity severity) {
    run.passMinutes(60);
    long now = clusterMillis(run.now());
    run.sees(
            Seen.pods(
                evicted("p1", now - firstAgo * 1000L).on("n1").pod(),
                evicted("p2", now - 60_000L).on("n2").pod(),
                evicted("p3", now).on("n3").pod()))
        .passSeconds(15);
    assertThat(run.opened().get(0).severity()).isEqualTo(severity);
  }

  @ParameterizedTest
  @CsvSource({"DaemonSet, 3", "Deployment, 2"})
  void three_of_a_node_are_one_severity_higher_for_each_workload(String third, int scopes) {
    run.passMinutes(5);
    long now = clusterMillis(run.now());
    Pod one = evicted("p1", now).pod();
    Pod two = evicted("p2", now).of("StatefulSet").pod();
    Pod three = evicted("p3", now).of(third).pod();
    run.sees(Seen.pods(one, two, three)).passSeconds(15);
    assertThat(run.opened()).hasSize(scopes).allMatch(all -> all.severity() == Severity.MEDIUM);
  }

  @Test
  void two_of_a_node_are_not() {
    run.passMinutes(5);
    long now = clusterMillis(run.now());
    run.sees(Seen.pods(evicted("p1", now).pod(), evicted("p2", now).of("StatefulSet").pod()))
        .passSeconds(15);
    assertThat(run.opened()).hasSize(2).allMatch(all -> all.severity() == Severity.LOW);
  }

  @ParameterizedTest
  @CsvSource({"DEV, LOW", "STAGING, LOW", "PRODUCTION, MEDIUM"})
  void severity_follows_the_environment(Environment environment, Severity severity) {
    run.in(environment).sees(evictedNow().alone()).passSeconds(15);
    assertThat(run.opened().get(0).severity()).isEqualTo(severity);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "The node was low on resource: memory. | memory",
        "The node had condition: [DiskPressure]. | ephemeral_storage",
        "The node was low on resource: ephemeral-storage. | ephemeral_storage",
        "The node was low on resource: inodes. | ephemeral_storage",
        "The node was low on resource: pids. | pids",
        "Usage of EmptyDir volume \"cache\" exceeds the limit \"1Gi\". | over_its_limit",
        "Pod ephemeral local storage usage exceeds the total limit of containers 1Gi."
            + " | over_its_limit",
        "Container app exceeded its local ephemeral storage limit \"1Gi\". | over_its_limit",
        "something new | other"
      })
  void the_message_is_understood(String message, String cause) {
    run.sees(evictedNow().because("Evicted", message).alone()).passSeconds(15);
    assertThat(run.opened().get(0).evidence()).containsEntry("reason", List.of(cause));
  }

  @Test
  void tells_where_it_was() {
    run.sees(evictedNow().alone()).passSeconds(15);
    assertThat(run.opened().get(0).summary()).isEqualTo("A pod of Deployment shop/web was evicted");
    assertThat(run.opened().get(0).evidence())
        .containsEntry("nodes", List.of("n1"))
        .containsEntry("pods", List.of("web-p1"));
  }
}
