package cx.niro.core.incident.rules;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.Environment;
import cx.niro.core.Severity;
import cx.niro.core.incident.DetectionEngine;
import cx.niro.core.incident.Seen;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.ContainerStatus;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.SectionStatus;
import cx.niro.core.snapshot.WarningEvent;
import cx.niro.core.testkit.DetectionRun;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VolumeMountFailedTest {
  private static final ContainerStatus CREATING = Seen.waiting("app", "ContainerCreating", 0, null);
  private static final String MISSING =
      "MountVolume.SetUp failed for volume \"config\" : configmap \"app\" not found";

  private final DetectionRun run =
      DetectionRun.of(DetectionEngine.of(List.of(new VolumeMountFailed(Thresholds.standard()))));

  private static APod creating() {
    return APod.created(1L).with(CREATING);
  }

  private static WarningEvent failed(String message, long first, long last) {
    return APod.event("FailedMount", message, first, last);
  }

  private static ClusterSnapshot seen(APod pod, WarningEvent... events) {
    return APod.cluster(List.of(), List.of(pod.pod()), List.of(), List.of(events));
  }

  @ParameterizedTest
  @ValueSource(strings = {"FailedMount", "FailedAttachVolume", "FailedMapVolume"})
  void opens_when_it_failed_over_three_minutes(String reason) {
    run.sees(seen(creating(), APod.event(reason, MISSING, 1_000, 180_999))).passMinutes(30);
    assertThat(run.transitions()).isEmpty();
    run.sees(seen(creating(), APod.event(reason, MISSING, 1_000, 181_000))).passMinutes(1);
    assertThat(run.openScopes()).containsExactly("ns/shop/Deployment/web");
  }

  @Test
  void events_in_different_words_count_together() {
    run.sees(seen(creating(), failed(MISSING, 0, 0), failed("timed out", 180_000, 180_000)))
        .passMinutes(1);
    assertThat(run.opened()).hasSize(1);
  }

  @Test
  void one_failure_right_after_the_pod_was_placed_is_normal() {
    run.sees(seen(creating(), failed(MISSING, 1_000, 1_000))).passMinutes(30);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void other_events_and_those_of_other_pods_do_not_count() {
    WarningEvent other = APod.event("FailedCreatePodSandBox", "no", 0, 900_000);
    WarningEvent foreign = APod.event("p2", "", "FailedMount", MISSING, 0, 900_000);
    run.sees(seen(creating(), other, foreign)).passMinutes(30);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void an_event_without_times_says_nothing() {
    WarningEvent timeless =
        new WarningEvent(
            Seen.meta("e", "shop", "e", null, null),
            "FailedMount",
            MISSING,
            failed(MISSING, 0, 0).involved(),
            null,
            null,
            null,
            9,
            null,
            null);
    run.sees(seen(creating(), timeless)).passMinutes(30);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void old_events_of_a_pod_that_runs_are_nothing() {
    APod runs = APod.created(1L).phase("Running").with(Seen.running("app", 0, null));
    run.sees(seen(runs, failed(MISSING, 0, 900_000))).passMinutes(30);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void an_init_container_that_runs_has_its_volumes() {
    APod pod = creating().init(Seen.unready("prepare", 0, null));
    run.sees(seen(pod, failed(MISSING, 0, 900_000))).passMinutes(30);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void an_init_container_that_is_done_had_its_volumes() {
    APod pod = creating().init(Seen.ended("prepare", 0, Seen.exit(0, 1L)));
    run.sees(seen(pod, failed(MISSING, 0, 900_000))).passMinutes(30);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void a_pod_whose_image_is_pulled_has_its_volumes() {
    APod pod = APod.created(1L).with(Seen.waiting("app", "ErrImagePull", 0, null));
    run.sees(seen(pod, failed(MISSING, 0, 900_000))).passMinutes(30);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void resolves_when_it_runs() {
    open();
    APod runs = APod.created(1L).phase("Running").with(Seen.running("app", 0, null));
    run.sees(seen(runs, failed(MISSING, 0, 900_000))).passSeconds(15);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @Test
  void events_that_are_gone_resolve_nothing() {
    open();
    run.sees(seen(creating())).passMinutes(60);
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void a_replacement_without_a_node_resolves_nothing() {
    open();
    run.sees(seen(APod.created(1L).uid("p2").on(null))).passMinutes(60);
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void nothing_is_known_while_events_cannot_be_listed() {
    open();
    ClusterSnapshot seen = seen(APod.created(1L).phase("Running"));
    Map<Section, SectionStatus> sections =
        Map.of(
            Section.PODS,
            SectionStatus.COMPLETE,
            Section.EVENTS,
            new SectionStatus(SectionStatus.State.ERROR, null, 0, "forbidden"));
    run.sees(new ClusterSnapshot(seen.info(), sections, seen.objects())).passMinutes(60);
    assertThat(run.story()).containsExactly("opened");
  }

  @ParameterizedTest
  @CsvSource({"DEV, LOW", "STAGING, MEDIUM", "PRODUCTION, HIGH"})
  void severity_follows_the_environment(Environment environment, Severity severity) {
    run.in(environment);
    open();
    assertThat(run.opened().get(0).severity()).isEqualTo(severity);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Multi-Attach error for volume \"pvc-1\" Volume is already used by pod(s) | multi_attach",
        "MountVolume.SetUp failed for volume \"c\" : configmap \"a\" not found"
            + " | missing_config_map",
        "MountVolume.SetUp failed for volume \"s\" : secret \"a\" not found | missing_secret",
        "driver name x not found in the list of registered CSI drivers | driver_missing",
        "mount.nfs: access denied by server while mounting | not_permitted",
        "mount: wrong fs type, bad option | bad_file_system",
        "hostPath type check failed: /data is not a directory | host_path",
        "timed out waiting for the condition | timeout",
        "something new | other"
      })
  void the_message_is_understood(String message, String cause) {
    run.sees(seen(creating(), failed(message, 0, 900_000))).passMinutes(1);
    assertThat(run.opened().get(0).evidence()).containsEntry("reason", List.of(cause));
  }

  @Test
  void tells_volumes_causes_and_the_oldest_message() {
    WarningEvent slow = failed("volume \"data\": timed out waiting", 2, 900_000);
    run.sees(seen(creating(), slow, failed(MISSING, 1, 900_000))).passMinutes(1);
    assertThat(run.opened().get(0).summary())
        .isEqualTo(
            "Pods of Deployment shop/web wait for volumes that cannot be mounted: missing config"
                + " map, timeout");
    assertThat(run.opened().get(0).evidence())
        .containsEntry("reason", List.of("missing_config_map", "timeout"))
        .containsEntry("events", List.of("FailedMount"))
        .containsEntry("volumes", List.of("config", "data"))
        .containsEntry("message", List.of(MISSING))
        .containsEntry("pods", List.of("web-p1"));
  }

  private void open() {
    run.sees(seen(creating(), failed(MISSING, 0, 900_000))).passMinutes(1);
    assertThat(run.story()).containsExactly("opened");
  }
}
