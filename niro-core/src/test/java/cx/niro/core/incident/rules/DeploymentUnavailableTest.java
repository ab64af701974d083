package cx.niro.core.incident.rules;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.Environment;
import cx.niro.core.Severity;
import cx.niro.core.incident.DetectionEngine;
import cx.niro.core.testkit.DetectionRun;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeploymentUnavailableTest {
  private final DetectionRun run = run(Thresholds.standard());

  private static DetectionRun run(Thresholds thresholds) {
    return DetectionRun.of(DetectionEngine.of(List.of(new DeploymentUnavailable(thresholds))));
  }

  private static AWorkload deployment(Integer wants, Integer has) {
    return AWorkload.of("Deployment").pods(wants, has);
  }

  /** One whose rollout is under way. */
  private static AWorkload rolling(int updated, int has) {
    return deployment(3, has)
        .updated(updated)
        .says("Progressing", "True", "ReplicaSetUpdated", null);
  }

  private void open() {
    run.sees(deployment(3, 3).alone()).passMinutes(1).sees(deployment(3, 2).alone());
    run.passMinutes(6);
    assertThat(run.openScopes()).containsExactly("ns/shop/Deployment/web");
  }

  @Test
  void opens_when_some_are_unavailable_for_five_minutes() {
    run.sees(deployment(3, 3).alone()).passMinutes(10);
    run.sees(deployment(3, 2).alone()).passSeconds(299);
    assertThat(run.transitions()).isEmpty();
    run.passSeconds(20);
    assertThat(run.openScopes()).containsExactly("ns/shop/Deployment/web");
    assertThat(run.opened().get(0).summary())
        .isEqualTo("Deployment shop/web has fewer available pods than it wants");
    assertThat(run.opened().get(0).evidence()).isEqualTo(Map.of("available", List.of("some")));
  }

  @Test
  void opens_when_none_is_available_for_two_minutes() {
    run.sees(deployment(3, 3).alone()).passMinutes(10);
    run.sees(deployment(3, 0).alone()).passSeconds(119);
    assertThat(run.transitions()).isEmpty();
    run.passSeconds(20);
    assertThat(run.opened().get(0).summary()).isEqualTo("Deployment shop/web has no available pod");
    assertThat(run.opened().get(0).evidence()).isEqualTo(Map.of("available", List.of("none")));
  }

  @Test
  void a_status_that_mentions_no_number_has_none_available() {
    run.sees(deployment(null, null).updated(null).alone()).passMinutes(3);
    assertThat(run.opened().get(0).summary()).isEqualTo("Deployment shop/web has no available pod");
  }

  @ParameterizedTest
  @CsvSource({
    "DEV,2,LOW",
    "STAGING,2,MEDIUM",
    "UNSPECIFIED,2,MEDIUM",
    "PRODUCTION,2,HIGH",
    "DEV,0,MEDIUM",
    "STAGING,0,HIGH",
    "PRODUCTION,0,HIGH"
  })
  void severity_rises_with_the_environment_and_when_none_is_left(
      Environment environment, int has, Severity severity) {
    run.in(environment).sees(deployment(3, has).alone()).passMinutes(6);
    assertThat(run.opened().get(0).severity()).isEqualTo(severity);
  }

  @Test
  void losing_the_last_pod_updates_the_incident() {
    open();
    run.sees(deployment(3, 0).alone()).passMinutes(2);
    assertThat(run.story()).containsExactly("opened", "updated");
    assertThat(run.updated().get(0).severity()).isEqualTo(Severity.HIGH);
  }

  @Test
  void resolves_after_a_minute_with_all() {
    open();
    run.sees(deployment(3, 3).alone()).passSeconds(59);
    assertThat(run.story()).containsExactly("opened");
    run.passSeconds(20);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @Test
  void more_than_wanted_is_well() {
    run.sees(deployment(3, 4).alone()).passMinutes(60);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void scaled_to_zero_is_well() {
    open();
    run.sees(deployment(0, 0).alone()).passMinutes(2);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @Test
  void a_moving_rollout_is_left_alone() {
    run.sees(deployment(3, 3).alone()).passMinutes(1);
    for (int updated = 0; updated <= 3; updated++) {
      run.sees(rolling(updated, 2).alone()).passMinutes(9);
    }
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void a_rollout_that_stopped_moving_counts_ten_minutes_later() {
    run.sees(deployment(3, 3).alone()).passMinutes(1);
    run.sees(rolling(1, 2).alone()).passSeconds(15 * 60 - 5);
    assertThat(run.transitions()).isEmpty();
    run.passSeconds(30);
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void a_change_that_was_not_observed_yet_is_a_rollout() {
    run.sees(deployment(3, 2).generation(4L, 3L).alone()).passMinutes(14);
    assertThat(run.transitions()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"True,NewReplicaSetAvailable", "False,ProgressDeadlineExceeded"})
  void a_rollout_that_ended_moves_no_more(String status, String reason) {
    run.sees(deployment(3, 2).says("Progressing", status, reason, null).alone()).passMinutes(6);
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void a_paused_rollout_does_not_move() {
    run.sees(rolling(1, 2).paused().alone()).passMinutes(6);
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void an_autoscaler_that_goes_on_asking_for_more_is_followed() {
    for (int wants = 3; wants < 10; wants++) {
      run.sees(deployment(wants, wants - 2).alone()).passMinutes(4);
    }
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void a_rollout_that_starts_while_open_holds_the_incident() {
    open();
    run.sees(rolling(1, 1).alone()).passMinutes(9);
    assertThat(run.story()).containsExactly("opened");
    run.sees(deployment(3, 3).alone()).passMinutes(2);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @Test
  void a_rollout_survives_a_restart_of_the_server() {
    run.sees(rolling(1, 2).alone()).passMinutes(8).serverStops().passMinutes(1).serverStarts();
    run.passMinutes(5);
    assertThat(run.transitions()).isEmpty();
    run.passMinutes(3);
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void other_kinds_are_not_read() {
    run.sees(AWorkload.of("StatefulSet").pods(3, 0).alone()).passMinutes(30);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void one_that_is_exempt_is_not_judged() {
    run.sees(deployment(3, 0).annotated("niro.cx/exempt-workload_replicas_unavailable").alone());
    run.passMinutes(30);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void a_deleted_one_resolves_as_such() {
    open();
    run.sees(deployment(3, 0).deleted().alone()).passMinutes(2);
    assertThat(run.story()).containsExactly("opened", "resolved object_deleted");
  }

  @Test
  void stays_frozen_while_nobody_can_tell() {
    open();
    run.sees(deployment(3, 3).uncounted().alone()).passMinutes(60);
    run.sees(AWorkload.partial(AWorkload.cluster())).passMinutes(60);
    run.sees(AWorkload.failed()).passMinutes(60);
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void the_conservative_profile_waits_fifteen_minutes() {
    DetectionRun patient = run(Thresholds.conservative());
    patient.sees(deployment(3, 0).alone()).passSeconds(899);
    assertThat(patient.transitions()).isEmpty();
    patient.passSeconds(20);
    assertThat(patient.story()).containsExactly("opened");
  }
}
