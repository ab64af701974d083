package cx.niro.core.incident.rules;

import static cx.niro.core.testkit.DetectionRun.clusterMillis;
import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.Environment;
import cx.niro.core.Severity;
import cx.niro.core.incident.DetectionEngine;
import cx.niro.core.incident.Seen;
import cx.niro.core.snapshot.ContainerStatus;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.WarningEvent;
import cx.niro.core.testkit.DetectionRun;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PodStuckPendingTest {
  private static final ContainerStatus CREATING = Seen.waiting("app", "ContainerCreating", 0, null);
  private static final ContainerStatus INITIALIZING =
      Seen.waiting("app", "PodInitializing", 0, null);

  private final DetectionRun run =
      DetectionRun.of(DetectionEngine.of(List.of(new PodStuckPending(Thresholds.standard()))));

  private APod placedNow() {
    return APod.created(1L).says("PodScheduled", "True", null, clusterMillis(run.now()));
  }

  private static APod old() {
    return APod.created(1L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ContainerCreating", "PodInitializing"})
  void opens_ten_minutes_after_it_was_placed(String reason) {
    run.passMinutes(5);
    run.sees(placedNow().with(Seen.waiting("app", reason, 0, null)).alone()).passSeconds(599);
    assertThat(run.transitions()).isEmpty();
    run.passSeconds(1);
    assertThat(run.openScopes()).containsExactly("ns/shop/Deployment/web");
  }

  @Test
  void a_pod_that_its_kubelet_says_nothing_of_is_stuck_too() {
    run.sees(old().alone()).passMinutes(11);
    assertThat(run.opened()).hasSize(1);
  }

  @Test
  void time_counts_from_the_end_of_the_init_containers_that_are_done() {
    run.passMinutes(20);
    ContainerStatus done = Seen.ended("prepare", 0, Seen.exit(0, clusterMillis(run.now())));
    APod pod = old().says("PodScheduled", "True", null, 1L).init(done).with(INITIALIZING);
    run.sees(pod.alone()).passSeconds(599);
    assertThat(run.transitions()).isEmpty();
    run.passSeconds(1);
    assertThat(run.opened()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ErrImagePull",
        "ImagePullBackOff",
        "CreateContainerConfigError",
        "CrashLoopBackOff"
      })
  void a_container_with_a_reason_of_its_own_is_another_rules_subject(String reason) {
    run.sees(old().with(Seen.waiting("app", reason, 0, null)).alone()).passMinutes(60);
    APod init = old().init(Seen.waiting("prepare", reason, 0, null)).with(INITIALIZING);
    run.sees(init.alone()).passMinutes(60);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void a_pod_without_a_node_is_another_rules_subject() {
    run.sees(old().on(null).alone()).passMinutes(60);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void a_pod_that_runs_is_not_stuck() {
    run.sees(old().phase("Running").with(CREATING).alone()).passMinutes(60);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void resolves_when_it_runs() {
    run.sees(old().with(CREATING).alone()).passMinutes(11);
    run.sees(old().phase("Running").with(Seen.running("app", 0, null)).alone()).passSeconds(15);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @Test
  void another_reason_does_not_resolve_it() {
    run.sees(old().with(CREATING).alone()).passMinutes(11);
    run.sees(old().with(Seen.waiting("app", "ErrImagePull", 0, null)).alone()).passMinutes(60);
    assertThat(run.story()).containsExactly("opened");
  }

  @ParameterizedTest
  @CsvSource({"DEV, LOW", "STAGING, MEDIUM", "PRODUCTION, MEDIUM"})
  void severity_follows_the_environment(Environment environment, Severity severity) {
    run.in(environment).sees(old().with(CREATING).alone()).passMinutes(11);
    assertThat(run.opened().get(0).severity()).isEqualTo(severity);
  }

  @Test
  void tells_what_the_events_say() {
    Pod pod = old().with(CREATING).pod();
    String sandbox =
        "Failed to create pod sandbox: plugin for 0123456789abcdef0123456789abcdef: no IP addresses";
    List<WarningEvent> events =
        List.of(
            APod.event("FailedMount", "MountVolume.SetUp failed", 9L, 90L),
            APod.event("FailedCreatePodSandBox", sandbox, 5L, 50L),
            APod.event("Unhealthy", "probe", 1L, 99L));
    run.sees(APod.cluster(List.of(), List.of(pod), List.of(), events)).passMinutes(11);
    assertThat(run.opened().get(0).summary())
        .isEqualTo("Pods of Deployment shop/web have a node but are not started");
    assertThat(run.opened().get(0).evidence())
        .containsEntry("reason", List.of("creating"))
        .containsEntry("events", List.of("FailedCreatePodSandBox", "FailedMount"))
        .containsEntry(
            "message", List.of("Failed to create pod sandbox: plugin for : no IP addresses"))
        .containsEntry("pods", List.of("web-p1"));
  }

  @Test
  void without_events_there_is_nothing_more_to_tell() {
    run.sees(old().with(CREATING).alone()).passMinutes(11);
    assertThat(run.opened().get(0).evidence()).doesNotContainKeys("events", "message");
  }

  @Test
  void tells_that_an_init_container_goes_on_and_on() {
    ContainerStatus runs = Seen.unready("migrate", 0, null);
    run.sees(old().init(runs).with(INITIALIZING).alone()).passMinutes(11);
    assertThat(run.opened().get(0).summary()).endsWith("do not get beyond their init containers");
    assertThat(run.opened().get(0).evidence()).containsEntry("reason", List.of("initializing"));
  }
}
