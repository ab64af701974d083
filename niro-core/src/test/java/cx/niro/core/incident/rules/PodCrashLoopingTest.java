package cx.niro.core.incident.rules;

import static cx.niro.core.testkit.DetectionRun.clusterMillis;
import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.Environment;
import cx.niro.core.Severity;
import cx.niro.core.incident.DetectionEngine;
import cx.niro.core.incident.Seen;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.ContainerStatus;
import cx.niro.core.snapshot.ContainerStatus.Terminated;
import cx.niro.core.snapshot.Node;
import cx.niro.core.snapshot.ObjectMeta;
import cx.niro.core.snapshot.OwnerReference;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.PodSpec;
import cx.niro.core.testkit.DetectionRun;
import cx.niro.core.testkit.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PodCrashLoopingTest {
  private static final String WEB_APP = "ns/shop/Deployment/web/container/app";

  private final DetectionRun run =
      DetectionRun.of(DetectionEngine.of(List.of(new PodCrashLooping(Thresholds.standard()))));

  private static Pod web(String uid, Instant created, ContainerStatus... containers) {
    return Seen.pod(
        owned(uid, created, new OwnerReference("Deployment", "web", "w")),
        "Running",
        List.of(),
        containers);
  }

  private static ObjectMeta owned(String uid, Instant created, OwnerReference owner) {
    return Seen.meta(uid, "shop", owner.name() + "-" + uid, clusterMillis(created), owner);
  }

  /** A pod that exists, healthy, since long before. */
  private Pod old(ContainerStatus... containers) {
    return Seen.pod("p1", containers);
  }

  private Terminated justEnded(int code) {
    return Seen.exit(code, run.ago(Duration.ofSeconds(3)));
  }

  private DetectionRun healthyFor(int minutes) {
    return run.sees(Seen.pods(old(Seen.running("app", 7, null)))).passMinutes(minutes);
  }

  private void crashesTo(int restarts) {
    run.sees(Seen.pods(old(Seen.backingOff("app", restarts, justEnded(1)))));
  }

  // The loop as a kubelet makes it.

  @Test
  void a_crash_loop_opens_one_incident_in_time_and_keeps_it_for_hours() {
    healthyFor(3);
    Instant created = run.now();
    Kubelet kubelet = Kubelet.crashing(created);
    run.sees(at -> Seen.pods(web("p2", created, kubelet.status("app", at)))).passMinutes(180);
    assertThat(run.story()).containsExactly("opened");
    assertThat(run.openScopes()).containsExactly(WEB_APP);
    assertThat(run.opened().get(0).at()).isBefore(created.plusSeconds(1 + 100 + 15));
    assertThat(run.opened().get(0).severity()).isEqualTo(Severity.HIGH);
    assertThat(run.opened().get(0).summary())
        .isEqualTo(
            "Container app of Deployment shop/web is crash looping, last ended with exit code 1"
                + " (Error)");
  }

  @ParameterizedTest
  @ValueSource(ints = {30, 90, 200, 500, 1000, 4000})
  void it_is_not_resolved_before_ten_minutes_of_good_running(int fixedAfterSeconds) {
    healthyFor(3);
    Instant created = run.now();
    Kubelet kubelet = Kubelet.crashing(created).fixed(created.plusSeconds(fixedAfterSeconds));
    run.sees(at -> Seen.pods(web("p2", created, kubelet.status("app", at)))).passMinutes(120);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
    int good = 0;
    while (kubelet.startOf(good).isBefore(created.plusSeconds(fixedAfterSeconds))) {
      good++;
    }
    assertThat(run.resolved().get(0).at())
        .isBetween(kubelet.startOf(good).plusSeconds(600), kubelet.startOf(good).plusSeconds(700));
  }

  @Test
  void every_beat_evaluated_gives_the_same_story() {
    DetectionRun other =
        DetectionRun.of(DetectionEngine.of(List.of(new PodCrashLooping(Thresholds.standard()))))
            .evaluatingEveryBeat();
    for (DetectionRun each : List.of(run, other)) {
      each.sees(Seen.pods(old(Seen.running("app", 7, null)))).passMinutes(3);
      Instant created = each.now();
      Kubelet kubelet = Kubelet.crashing(created).fixed(created.plusSeconds(1500));
      each.sees(at -> Seen.pods(web("p2", created, kubelet.status("app", at)))).passMinutes(90);
    }
    assertThat(run.story()).isEqualTo(other.story());
    assertThat(run.opened()).isEqualTo(other.opened());
    assertThat(run.evaluations()).isLessThan(other.evaluations());
  }

  @Test
  void a_loop_that_began_before_the_first_beat_opens_at_first_sight() {
    Instant created = ManualTime.START.minusSeconds(7200);
    Kubelet kubelet = Kubelet.crashing(created);
    run.sees(at -> Seen.pods(web("p2", created, kubelet.status("app", at)))).passSeconds(20);
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void it_survives_a_restart_of_the_server() {
    healthyFor(3);
    Instant created = run.now();
    Kubelet kubelet = Kubelet.crashing(created);
    run.sees(at -> Seen.pods(web("p2", created, kubelet.status("app", at)))).passMinutes(5);
    run.serverStops().passMinutes(7).serverStarts().passMinutes(60);
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void the_same_incident_goes_on_when_the_pod_is_replaced() {
    healthyFor(3);
    for (int i = 0; i < 6; i++) {
      Instant created = run.now();
      Kubelet kubelet = Kubelet.crashing(created);
      String uid = "gen" + i;
      run.sees(at -> Seen.pods(web(uid, created, kubelet.status("app", at)))).passMinutes(4);
    }
    assertThat(run.story()).contains("opened").doesNotContain("resolved cleared");
    assertThat(run.opened()).hasSize(1);
  }

  @Test
  void many_pods_of_a_workload_are_one_incident() {
    healthyFor(3);
    Instant created = run.now();
    Kubelet kubelet = Kubelet.crashing(created);
    run.sees(
            at ->
                Seen.pods(
                    web("a", created, kubelet.status("app", at)),
                    web("b", created, kubelet.status("app", at)),
                    web("c", created, Seen.running("app", 0, null))))
        .passMinutes(8);
    assertThat(run.story()).containsExactly("opened");
    assertThat(run.opened().get(0).evidence()).containsEntry("pods", List.of("web-a", "web-b"));
  }

  // The forms, one by one.

  @ParameterizedTest
  @CsvSource({"STAGING, 1, false", "STAGING, 2, true", "DEV, 2, false", "DEV, 3, true"})
  void waiting_needs_two_counted_restarts_and_three_in_dev(
      Environment environment, int restarts, boolean opens) {
    run.in(environment);
    healthyFor(15);
    for (int i = 1; i <= restarts; i++) {
      crashesTo(7 + i);
      run.passSeconds(30);
    }
    assertThat(run.opened()).hasSize(opens ? 1 : 0);
  }

  @ParameterizedTest
  @EnumSource(Environment.class)
  void is_high_in_every_environment(Environment environment) {
    run.in(environment);
    healthyFor(15);
    for (int i = 1; i <= 4; i++) {
      crashesTo(7 + i);
      run.passSeconds(30);
    }
    assertThat(run.opened().get(0).severity()).isEqualTo(Severity.HIGH);
  }

  @ParameterizedTest
  @CsvSource({"3, false", "4, true"})
  void without_waiting_more_than_three_restarts_in_ten_minutes_are_needed(
      int restarts, boolean opens) {
    healthyFor(15);
    for (int i = 1; i <= restarts; i++) {
      run.sees(Seen.pods(old(Seen.running("app", 7 + i, justEnded(1))))).passSeconds(120);
    }
    assertThat(run.opened()).hasSize(opens ? 1 : 0);
  }

  @Test
  void a_restart_each_four_minutes_is_not_a_crash_loop() {
    healthyFor(15);
    for (int i = 1; i <= 20; i++) {
      run.sees(Seen.pods(old(Seen.running("app", 7 + i, justEnded(1))))).passMinutes(4);
    }
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void old_restarts_are_no_news_at_first_sight() {
    run.sees(Seen.pods(old(Seen.running("app", 250, Seen.exit(1, 5L))))).passMinutes(30);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void waiting_at_first_sight_needs_a_recent_end_and_three_restarts() {
    crashesTo(2);
    run.passSeconds(30);
    assertThat(run.transitions()).isEmpty();
    run.sees(Seen.pods(old(Seen.backingOff("app", 3, justEnded(1))))).passSeconds(30);
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void exit_code_zero_is_one_severity_lower() {
    healthyFor(15);
    for (int i = 1; i <= 3; i++) {
      run.sees(Seen.pods(old(Seen.backingOff("app", 7 + i, justEnded(0))))).passSeconds(30);
    }
    assertThat(run.opened().get(0).severity()).isEqualTo(Severity.MEDIUM);
    assertThat(run.opened().get(0).evidence())
        .containsEntry("reason", List.of("completes_and_restarts"));
  }

  @Test
  void being_out_of_memory_is_told() {
    healthyFor(15);
    long at = run.ago(Duration.ofSeconds(2));
    Terminated oom = new Terminated("OOMKilled", 137, null, at, at, "killed", "cid");
    for (int i = 1; i <= 3; i++) {
      run.sees(Seen.pods(old(Seen.backingOff("app", 7 + i, oom)))).passSeconds(30);
    }
    assertThat(run.opened().get(0).evidence())
        .containsEntry("reason", List.of("oom_killed"))
        .containsEntry("lastEnd", List.of("exit code 137 (OOMKilled)"))
        .containsEntry("message", List.of("killed"));
  }

  @Test
  void a_sidecar_counts() {
    for (int i = 0; i <= 3; i++) {
      run.sees(withInit("Always", i)).passSeconds(30);
    }
    assertThat(run.openScopes()).containsExactly("ns/shop/Deployment/web/container/mesh");
  }

  // What must not fire.

  @Test
  void an_init_container_is_another_rules() {
    for (int i = 0; i <= 9; i++) {
      run.sees(withInit(null, i)).passSeconds(30);
    }
    assertThat(run.transitions()).isEmpty();
  }

  private ClusterSnapshot withInit(@Nullable String restartPolicy, int restarts) {
    ContainerStatus mesh =
        restarts == 0
            ? Seen.running("mesh", 0, null)
            : Seen.backingOff("mesh", restarts, justEnded(1));
    PodSpec spec =
        APod.spec(List.of(APod.container("mesh", "mesh:1", restartPolicy, null)), List.of());
    return APod.created(1L).asks(spec).init(mesh).alone();
  }

  @Test
  void counts_are_never_subtracted_across_pod_uids() {
    for (int i = 0; i < 10; i++) {
      String uid = "gen" + i;
      Instant created = run.now();
      int restarts = i % 2;
      run.sees(at -> Seen.pods(web(uid, created, Seen.running("app", restarts, null))))
          .passMinutes(2);
    }
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void the_containers_of_a_pod_are_counted_apart() {
    ContainerStatus app = Seen.backingOff("app", 7, null);
    run.sees(Seen.pods(old(app, Seen.running("db", 1, null)))).passMinutes(1);
    run.sees(Seen.pods(old(app, Seen.running("db", 2, null)))).passMinutes(5);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void restarts_that_ended_before_the_window_are_news_of_the_past() {
    healthyFor(3);
    Terminated longAgo = Seen.exit(1, run.ago(Duration.ofMinutes(11)));
    run.sees(Seen.pods(old(Seen.backingOff("app", 12, longAgo)))).passMinutes(3);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void a_count_that_goes_down_is_a_new_baseline() {
    healthyFor(5);
    for (int count : new int[] {0, 9, 0, 9, 0, 9}) {
      run.sees(Seen.pods(old(Seen.running("app", count, Seen.exit(1, 5L))))).passSeconds(60);
    }
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void a_reboot_that_restarts_everything_once_or_twice_is_nothing() {
    rebootTo("boot-2", 2);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void containers_that_fail_until_a_rebooted_node_has_settled_are_nothing() {
    rebootTo("boot-2", 4);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void the_same_without_a_reboot_is_a_crash_loop() {
    rebootTo("boot-1", 4);
    assertThat(run.opened()).hasSize(1);
  }

  /** Restarts within 2 minutes, ready after 4, and then nothing more. */
  private void rebootTo(String bootId, int restarts) {
    Node before = Seen.node("n1", "True", 1L);
    run.sees(Seen.cluster(List.of(before), List.of(old(Seen.running("app", 7, null)))))
        .passMinutes(15);
    Node after = Seen.node("n1", "True", 1L, 1L, null, bootId);
    for (int i = 1; i <= restarts; i++) {
      Pod pod = old(Seen.backingOff("app", 7 + i, Seen.exit(255, run.ago(Duration.ofSeconds(2)))));
      run.sees(Seen.cluster(List.of(after), List.of(pod))).passSeconds(30);
    }
    run.passMinutes(2);
    Pod well = old(Seen.running("app", 7 + restarts, Seen.exit(255, run.ago(Duration.ZERO))));
    run.sees(Seen.cluster(List.of(after), List.of(well))).passMinutes(30);
  }

  @Test
  void restarts_right_after_a_node_came_back_are_nothing() {
    Pod well = old(Seen.running("app", 7, null));
    run.sees(Seen.cluster(List.of(Seen.node("n1", "True", 1L)), List.of(well))).passMinutes(15);
    Node down = Seen.node("n1", "Unknown", run.ago(Duration.ZERO));
    run.sees(Seen.cluster(List.of(down), List.of(well))).passMinutes(5);
    Node back = Seen.node("n1", "True", run.ago(Duration.ZERO));
    for (int i = 1; i <= 3; i++) {
      Pod pod = old(Seen.backingOff("app", 7 + i, justEnded(1)));
      run.sees(Seen.cluster(List.of(back), List.of(pod))).passSeconds(45);
    }
    Pod again = old(Seen.running("app", 10, justEnded(1)));
    run.sees(Seen.cluster(List.of(back), List.of(again))).passMinutes(30);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void restarts_while_the_api_server_is_out_of_reach_are_nothing() {
    healthyFor(15);
    for (int i = 1; i <= 3; i++) {
      crashesTo(7 + i);
      ClusterSnapshot seen = Seen.pods(old(Seen.backingOff("app", 7 + i, justEnded(1))));
      run.sees(Seen.withoutApi(seen)).passSeconds(40);
    }
    run.sees(Seen.pods(old(Seen.running("app", 10, justEnded(1))))).passMinutes(30);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void a_container_that_is_still_down_ten_minutes_after_a_reboot_is_a_crash_loop() {
    Pod well = old(Seen.running("app", 7, null));
    run.sees(Seen.cluster(List.of(Seen.node("n1", "True", 1L)), List.of(well))).passMinutes(15);
    Instant reboot = run.now();
    Kubelet kubelet = Kubelet.crashing(reboot);
    Node after = Seen.node("n1", "True", 1L, 1L, null, "boot-2");
    run.sees(
            at -> {
              ContainerStatus now = kubelet.status("app", at);
              Integer count = now.restartCount();
              ContainerStatus shifted =
                  Seen.backingOff("app", 8 + (count == null ? 0 : count), now.lastTerminated());
              return Seen.cluster(List.of(after), List.of(old(shifted)));
            })
        .passMinutes(12);
    assertThat(run.story()).containsExactly("opened");
    assertThat(run.opened().get(0).at()).isAfter(reboot.plusSeconds(300));
  }

  @Test
  void jobs_retry_by_design_and_need_five() {
    ObjectMeta job = owned("p1", ManualTime.START, new OwnerReference("Job", "helm-install", "j"));
    run.sees(Seen.pods(Seen.pod(job, "Running", List.of(), Seen.running("helm", 0, null))))
        .passMinutes(2);
    for (int i = 1; i <= 4; i++) {
      ContainerStatus status = Seen.backingOff("helm", i, justEnded(1));
      run.sees(Seen.pods(Seen.pod(job, "Running", List.of(), status))).passSeconds(40);
    }
    assertThat(run.transitions()).isEmpty();
    ContainerStatus fifth = Seen.backingOff("helm", 5, justEnded(1));
    run.sees(Seen.pods(Seen.pod(job, "Running", List.of(), fifth))).passSeconds(40);
    assertThat(run.openScopes()).containsExactly("ns/shop/Job/helm-install/container/helm");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Succeeded", "Failed"})
  void finished_pods_are_left_alone(String phase) {
    ObjectMeta meta = Seen.meta("p1", "shop", "once", 1L, null);
    for (int i = 0; i < 6; i++) {
      ContainerStatus status = Seen.backingOff("app", i, justEnded(1));
      run.sees(Seen.pods(Seen.pod(meta, phase, List.of(), status))).passSeconds(30);
    }
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void pods_being_deleted_are_left_alone() {
    ObjectMeta meta =
        new ObjectMeta("p1", "shop", "once", null, 1L, 5L, Map.of(), Map.of(), null, null);
    for (int i = 0; i < 6; i++) {
      ContainerStatus status = Seen.backingOff("app", i, justEnded(1));
      run.sees(Seen.pods(Seen.pod(meta, "Running", List.of(), status))).passSeconds(30);
    }
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void pods_on_a_node_that_is_not_ready_are_unknown() {
    Node down = Seen.node("n1", "False", 5L);
    for (int i = 0; i < 8; i++) {
      Pod pod = old(Seen.backingOff("app", i, justEnded(1)));
      run.sees(Seen.cluster(List.of(down), List.of(pod))).passSeconds(30);
    }
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void a_pod_younger_than_a_minute_is_given_that_minute() {
    healthyFor(3);
    Instant created = run.now();
    Kubelet kubelet = Kubelet.crashing(created);
    run.sees(at -> Seen.pods(web("p2", created, kubelet.status("app", at)))).passSeconds(59);
    assertThat(run.transitions()).isEmpty();
    run.passSeconds(5);
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void restarts_of_a_long_gap_alone_are_not_a_rate() {
    healthyFor(15);
    run.goesSilent().passMinutes(240);
    run.sees(Seen.pods(old(Seen.running("app", 30, justEnded(1))))).comesBack().passMinutes(30);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void a_restart_counter_that_is_absent_says_nothing() {
    ContainerStatus mute =
        new ContainerStatus("app", null, null, null, null, null, null, null, null, null);
    run.sees(Seen.pods(old(mute))).passMinutes(30);
    assertThat(run.transitions()).isEmpty();
  }

  // How it ends.

  @Test
  void a_workload_without_pods_resolves_as_deleted() {
    openOne();
    run.sees(Seen.pods()).passMinutes(2);
    assertThat(run.story()).containsExactly("opened", "resolved object_deleted");
  }

  @Test
  void one_beat_without_pods_resolves_nothing() {
    openOne();
    run.sees(Seen.pods()).passSeconds(30);
    Instant created = run.now();
    Kubelet kubelet = Kubelet.crashing(created);
    run.sees(at -> Seen.pods(web("p3", created, kubelet.status("app", at)))).passMinutes(30);
    assertThat(run.story()).doesNotContain("resolved object_deleted", "resolved cleared");
  }

  @Test
  void stays_frozen_while_pods_cannot_be_listed() {
    openOne();
    run.sees(Seen.partial(Seen.pods())).passMinutes(60).sees(Seen.failed()).passMinutes(60);
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void counters_survive_a_time_in_which_pods_cannot_be_listed() {
    healthyFor(15);
    run.sees(Seen.failed()).passMinutes(1);
    run.sees(Seen.partial(Seen.pods())).passMinutes(1);
    crashesTo(8);
    run.passSeconds(30);
    crashesTo(9);
    run.passSeconds(30);
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void running_without_being_ready_does_not_resolve() {
    openOne();
    run.sees(Seen.pods(old(Seen.unready("app", 12, justEnded(1))))).passMinutes(60);
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void a_replacement_that_has_not_run_yet_neither_resolves_nor_changes_it() {
    openOne();
    ContainerStatus creating = Seen.waiting("app", "ContainerCreating", 0, null);
    run.sees(Seen.pods(web("p2", run.now(), creating))).passMinutes(20);
    assertThat(run.story()).containsExactly("opened");
    run.sees(Seen.pods(web("p2", run.now(), Seen.running("app", 0, null)))).passMinutes(11);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  private void openOne() {
    healthyFor(15);
    for (int i = 1; i <= 3; i++) {
      crashesTo(7 + i);
      run.passSeconds(30);
    }
    assertThat(run.story()).containsExactly("opened");
  }
}
