package cx.niro.core.incident.rules;

import static cx.niro.core.testkit.DetectionRun.clusterMillis;
import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.Environment;
import cx.niro.core.Severity;
import cx.niro.core.incident.DetectionEngine;
import cx.niro.core.incident.Seen;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Container.Probe;
import cx.niro.core.snapshot.ContainerStatus;
import cx.niro.core.snapshot.Inventory;
import cx.niro.core.snapshot.PodSpec;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.SectionStatus;
import cx.niro.core.testkit.DetectionRun;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PodNotReadyTest {
  private static final ContainerStatus UNREADY = Seen.unready("app", 0, null);
  private static final ContainerStatus WELL = Seen.running("side", 0, null);

  private final DetectionRun run =
      DetectionRun.of(DetectionEngine.of(List.of(new PodNotReady(Thresholds.standard()))));

  private static APod running() {
    return APod.created(1L).phase("Running");
  }

  private static APod unready() {
    return unready(5L);
  }

  private static APod unready(long since) {
    return running().says("Ready", "False", "ContainersNotReady", since).with(UNREADY, WELL);
  }

  @Test
  void opens_ten_minutes_after_it_was_ready() {
    run.passMinutes(5);
    run.sees(unready(clusterMillis(run.now())).alone()).passSeconds(599);
    assertThat(run.transitions()).isEmpty();
    run.passSeconds(1);
    assertThat(run.openScopes()).containsExactly("ns/shop/Deployment/web");
  }

  @Test
  void a_rollout_that_goes_on_has_until_its_deadline() {
    run.passMinutes(5);
    long now = clusterMillis(run.now());
    run.sees(with(unready(now), "ReplicaSetUpdated")).passSeconds(719);
    assertThat(run.transitions()).isEmpty();
    run.passSeconds(1);
    assertThat(run.opened()).hasSize(1);
  }

  @Test
  void a_rollout_that_is_done_gives_no_more_time() {
    run.passMinutes(5);
    long now = clusterMillis(run.now());
    run.sees(with(unready(now), "NewReplicaSetAvailable")).passSeconds(600);
    assertThat(run.opened()).hasSize(1);
  }

  private static ClusterSnapshot with(APod pod, String progress) {
    ClusterSnapshot workload =
        AWorkload.of("Deployment").says("Progressing", "True", progress, null).alone();
    Map<Section, SectionStatus> sections = new EnumMap<>(workload.sections());
    ClusterSnapshot pods = pod.alone();
    sections.putAll(pods.sections());
    Inventory objects =
        new Inventory(
            pods.objects().nodes(),
            pods.objects().pods(),
            workload.objects().workloads(),
            List.of(),
            List.of(),
            List.of(),
            List.of());
    return new ClusterSnapshot(workload.info(), sections, objects);
  }

  @Test
  void resolves_after_two_minutes_of_being_ready() {
    run.sees(unready().alone()).passMinutes(11);
    run.sees(running().says("Ready", "True", null, 5L).alone()).passSeconds(120);
    assertThat(run.story()).containsExactly("opened");
    run.passSeconds(15);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @Test
  void a_pod_of_a_phase_that_nobody_knows_is_told() {
    run.sees(APod.created(1L).phase("Unknown").alone()).passMinutes(11);
    assertThat(run.opened().get(0).summary())
        .isEqualTo("Pods of Deployment shop/web are not reported on by their node");
  }

  @Test
  void a_pod_that_no_scheduler_looks_at_is_told() {
    run.sees(APod.created(1L).on(null).alone()).passMinutes(11);
    assertThat(run.opened().get(0).summary())
        .isEqualTo("Pods of Deployment shop/web are looked at by no scheduler");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Unschedulable", "SchedulingGated"})
  void a_pod_that_the_scheduler_spoke_about_is_another_rules_subject(String reason) {
    APod pod = APod.created(1L).on(null).says("PodScheduled", "False", reason, 1L);
    run.sees(pod.says("Ready", "False", null, 1L).alone()).passMinutes(60);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void a_pod_that_is_being_started_is_another_rules_subject() {
    run.sees(APod.created(1L).says("Ready", "False", null, 1L).alone()).passMinutes(60);
    assertThat(run.transitions()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"CrashLoopBackOff", "ImagePullBackOff", "RunContainerError"})
  void a_container_with_a_reason_of_its_own_is_another_rules_subject(String reason) {
    APod pod = running().says("Ready", "False", null, 1L);
    run.sees(pod.with(Seen.waiting("app", reason, 3, null)).alone()).passMinutes(60);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void a_container_that_is_made_again_after_its_pod_started_is_told() {
    APod pod = running().says("Ready", "False", null, 1L);
    run.sees(pod.with(Seen.waiting("app", "ContainerCreating", 3, null)).alone()).passMinutes(11);
    assertThat(run.opened()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Job", "CronJob"})
  void pods_of_jobs_are_left_alone(String kind) {
    run.sees(unready().of(kind).alone()).passMinutes(60);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void a_completed_pod_is_well() {
    run.sees(running().says("Ready", "False", "PodCompleted", 1L).alone()).passMinutes(60);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void a_pod_that_waits_for_a_readiness_gate_only_is_well_itself() {
    APod pod = running().says("ContainersReady", "True", null, 1L);
    run.sees(pod.says("Ready", "False", "ReadinessGatesNotReady", 1L).alone()).passMinutes(60);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void containers_that_are_not_ready_are_no_readiness_gate() {
    APod pod = running().says("ContainersReady", "False", null, 1L);
    run.sees(pod.says("Ready", "False", null, 1L).with(UNREADY).alone()).passMinutes(11);
    assertThat(run.opened()).hasSize(1);
  }

  @Test
  void a_standby_that_is_not_ready_on_purpose_is_exempted_by_annotation() {
    run.sees(unready().annotated("niro.cx/exempt-pod_not_ready").alone()).passMinutes(60);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void a_pod_without_the_condition_says_nothing() {
    run.sees(running().with(UNREADY).alone()).passMinutes(60);
    assertThat(run.transitions()).isEmpty();
    run.sees(unready().alone()).passMinutes(11);
    run.sees(running().with(UNREADY).alone()).passMinutes(60);
    assertThat(run.story()).containsExactly("opened");
  }

  @ParameterizedTest
  @CsvSource({"DEV, LOW", "STAGING, MEDIUM", "PRODUCTION, MEDIUM"})
  void severity_follows_the_environment(Environment environment, Severity severity) {
    run.in(environment).sees(unready().alone()).passMinutes(11);
    assertThat(run.opened().get(0).severity()).isEqualTo(severity);
  }

  @Test
  void tells_which_containers_are_not_ready() {
    run.sees(unready().alone()).passMinutes(11);
    assertThat(run.opened().get(0).summary())
        .isEqualTo("Pods of Deployment shop/web run but are not ready");
    assertThat(run.opened().get(0).evidence())
        .containsEntry("reason", List.of("ContainersNotReady"))
        .containsEntry("containers", List.of("app"))
        .containsEntry("pods", List.of("web-p1"));
  }

  // Slow starts.

  private static Probe probe(
      @Nullable Integer delay, @Nullable Integer period, @Nullable Integer failures) {
    return new Probe("http", "80", null, null, delay, period, null, failures, null);
  }

  private static PodSpec slow(Probe... probes) {
    return APod.spec(
        List.of(),
        List.of(probes).stream().map(probe -> APod.container("app", "a:1", null, probe)).toList());
  }

  /** A pod that starts now and never was ready. */
  private APod starting(PodSpec spec) {
    long now = clusterMillis(run.now());
    return APod.created(now)
        .phase("Running")
        .says("Ready", "False", null, now)
        .with(UNREADY)
        .asks(spec);
  }

  @ParameterizedTest
  @CsvSource({
    "30, 10, 60, 1230",
    ", , , 630",
    "0, 10, 2147483647, 7800",
    "-2147483648, 10, 0, 600"
  })
  void what_a_startup_probe_allows_comes_on_top(
      @Nullable Integer delay, @Nullable Integer period, @Nullable Integer failures, int opens) {
    run.passMinutes(5);
    APod pod = starting(slow(probe(delay, period, failures)));
    run.sees(pod.alone()).passSeconds(opens - 1);
    assertThat(run.transitions()).isEmpty();
    run.passSeconds(1);
    assertThat(run.opened()).hasSize(1);
  }

  @Test
  void the_slowest_container_counts() {
    run.passMinutes(5);
    PodSpec spec = slow(probe(0, 10, 60), probe(0, 10, 90), probe(0, 10, 6));
    run.sees(starting(spec).alone()).passSeconds(1499);
    assertThat(run.transitions()).isEmpty();
    run.passSeconds(1);
    assertThat(run.opened()).hasSize(1);
  }

  @Test
  void a_container_without_a_startup_probe_gets_ten_minutes() {
    run.passMinutes(5);
    PodSpec spec = APod.spec(List.of(), List.of(APod.container("app", "a:1")));
    run.sees(starting(spec).alone()).passSeconds(601);
    assertThat(run.opened()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"60, false", "61, true"})
  void a_pod_that_was_ready_once_gets_ten_minutes(int readyChangedAfter, boolean opens) {
    run.passMinutes(5);
    ContainerStatus started =
        new ContainerStatus("app", false, true, 0, null, null, null, null, null, null);
    run.sees(
            APod.created(clusterMillis(run.now()))
                .phase("Running")
                .says(
                    "Ready", "False", null, clusterMillis(run.now().plusSeconds(readyChangedAfter)))
                .with(started)
                .asks(slow(probe(0, 10, 60)))
                .alone())
        .passMinutes(12);
    assertThat(run.opened()).hasSize(opens ? 1 : 0);
  }

  @Test
  void a_container_that_starts_again_gets_the_time_of_its_startup_probe_again() {
    run.passMinutes(20);
    PodSpec spec = slow(probe(0, 10, 60));
    long now = clusterMillis(run.now());
    run.sees(unready(now).asks(spec).alone()).passSeconds(1199);
    assertThat(run.transitions()).isEmpty();
    run.passSeconds(1);
    assertThat(run.opened()).hasSize(1);
  }
}
