package cx.niro.core.incident.rules;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.Environment;
import cx.niro.core.Severity;
import cx.niro.core.incident.DetectionEngine;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.testkit.DetectionRun;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeploymentFailedTest {
  private static final String SCOPE = "ns/shop/Deployment/web";

  private final DetectionRun run = run(Thresholds.standard());

  private static DetectionRun run(Thresholds thresholds) {
    return DetectionRun.of(DetectionEngine.of(List.of(new DeploymentFailed(thresholds))));
  }

  private static AWorkload deployment(int has) {
    return AWorkload.of("Deployment").pods(3, has);
  }

  private static AWorkload late(int has) {
    return deployment(has).says("Progressing", "False", "ProgressDeadlineExceeded", null);
  }

  private static AWorkload rolling(int has) {
    return deployment(has).says("Progressing", "True", "ReplicaSetUpdated", null);
  }

  private static AWorkload done() {
    return deployment(3).says("Progressing", "True", "NewReplicaSetAvailable", null);
  }

  private void open() {
    run.sees(done().alone()).passMinutes(1).sees(late(2).alone()).passSeconds(16);
    assertThat(run.openScopes()).containsExactly(SCOPE);
  }

  @Test
  void opens_at_once_when_the_deadline_passed() {
    run.sees(rolling(2).alone()).passMinutes(10).sees(late(2).alone()).passSeconds(16);
    assertThat(run.openScopes()).containsExactly(SCOPE);
    assertThat(run.opened().get(0).summary())
        .isEqualTo("Deployment shop/web was not rolled out within its deadline");
    assertThat(run.opened().get(0).evidence())
        .isEqualTo(
            Map.of(
                "reason", List.of("progress_deadline_exceeded"),
                "available", List.of("some"),
                "message", List.of("says ProgressDeadlineExceeded")));
  }

  @Test
  void says_since_when() {
    run.sees(rolling(2).alone()).passMinutes(10);
    long since = run.ago(Duration.ofMinutes(3));
    var began = run.now().minus(Duration.ofMinutes(3));
    run.sees(deployment(2).says("Progressing", "False", "ProgressDeadlineExceeded", since).alone());
    run.passSeconds(16);
    assertThat(run.opened().get(0).since()).isBetween(began.minusSeconds(1), began.plusSeconds(1));
  }

  @Test
  void old_pods_that_all_serve_do_not_hide_it() {
    run.sees(late(3).alone()).passSeconds(16);
    assertThat(run.openScopes()).containsExactly(SCOPE);
  }

  @Test
  void says_when_nothing_serves() {
    run.sees(late(0).alone()).passSeconds(16);
    assertThat(run.opened().get(0).evidence()).containsEntry("available", List.of("none"));
  }

  @ParameterizedTest
  @CsvSource({"DEV,LOW", "STAGING,MEDIUM", "UNSPECIFIED,MEDIUM", "PRODUCTION,HIGH"})
  void severity_rises_with_the_environment(Environment environment, Severity severity) {
    run.in(environment);
    open();
    assertThat(run.opened().get(0).severity()).isEqualTo(severity);
  }

  @Test
  void opens_when_pods_are_refused_for_a_minute() {
    run.sees(done().alone()).passMinutes(5);
    run.sees(rolling(2).says("ReplicaFailure", "True", "FailedCreate", null).alone());
    run.passSeconds(59);
    assertThat(run.transitions()).isEmpty();
    run.passSeconds(20);
    assertThat(run.opened().get(0).summary())
        .isEqualTo("Deployment shop/web cannot create its pods");
    assertThat(run.opened().get(0).evidence())
        .containsEntry("reason", List.of("replica_failure"))
        .containsEntry("message", List.of("says FailedCreate"));
  }

  @Test
  void a_refusal_that_ended_is_none() {
    run.sees(done().says("ReplicaFailure", "False", "FailedCreate", null).alone()).passMinutes(9);
    assertThat(run.transitions()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"2,1", "1,"})
  void opens_when_the_controller_does_not_look_for_five_minutes(Long wished, Long observed) {
    run.sees(done().alone()).passMinutes(5);
    run.sees(done().generation(wished, observed).alone()).passSeconds(299);
    assertThat(run.transitions()).isEmpty();
    run.passSeconds(20);
    assertThat(run.opened().get(0).summary())
        .isEqualTo("Deployment shop/web was changed, and its controller does not act");
    assertThat(run.opened().get(0).evidence()).containsEntry("reason", List.of("not_observed"));
  }

  @ParameterizedTest
  @CsvSource({"2,2", "2,3", ","})
  void a_generation_that_was_observed_is_well(Long wished, Long observed) {
    run.sees(done().generation(wished, observed).alone()).passMinutes(30);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void a_rollout_under_way_is_no_failure() {
    run.sees(rolling(0).updated(1).alone()).passMinutes(60);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void resolves_when_complete_for_a_minute() {
    open();
    run.sees(done().alone()).passSeconds(59);
    assertThat(run.story()).containsExactly("opened");
    run.passSeconds(20);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @Test
  void a_new_attempt_keeps_it_marked_as_retrying() {
    open();
    run.sees(rolling(2).updated(1).alone()).passMinutes(9);
    assertThat(run.story()).containsExactly("opened", "updated");
    assertThat(run.updated().get(0).summary())
        .isEqualTo("Deployment shop/web failed and is being rolled out again");
    assertThat(run.updated().get(0).evidence()).containsEntry("reason", List.of("retrying"));
    run.sees(done().alone()).passMinutes(2);
    assertThat(run.story()).containsExactly("opened", "updated", "resolved cleared");
  }

  @Test
  void is_not_over_before_all_are_updated_and_ready() {
    open();
    run.sees(done().updated(2).alone()).passMinutes(5);
    run.sees(done().pods(3, 2).alone()).passMinutes(5);
    run.sees(rolling(3).alone()).passMinutes(5);
    assertThat(run.resolved()).isEmpty();
  }

  @Test
  void one_without_a_deadline_is_complete_by_its_numbers() {
    run.sees(deployment(3).says("ReplicaFailure", "True", "FailedCreate", null).alone());
    run.passMinutes(2).sees(deployment(3).alone()).passMinutes(2);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @Test
  void a_paused_one_is_ignored() {
    run.sees(late(2).paused().alone()).passMinutes(30);
    run.sees(
            deployment(2).paused().says("Progressing", "Unknown", "DeploymentPaused", null).alone())
        .passMinutes(30);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void a_pause_keeps_what_is_open() {
    open();
    run.sees(done().paused().alone()).passMinutes(48 * 60);
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void one_that_wants_no_pods_is_well() {
    run.sees(late(0).pods(0, 0).alone()).passMinutes(30);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void another_reason_not_to_progress_is_not_this() {
    run.sees(deployment(2).says("Progressing", "False", "ReplicaSetCreateError", null).alone());
    run.passMinutes(30);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void a_deleted_one_resolves_as_such() {
    open();
    run.sees(AWorkload.cluster()).passMinutes(2);
    assertThat(run.story()).containsExactly("opened", "resolved object_deleted");
  }

  @Test
  void stays_frozen_while_nobody_can_tell() {
    open();
    ClusterSnapshot some = AWorkload.partial(AWorkload.cluster());
    run.sees(some).passMinutes(60).sees(AWorkload.failed()).passMinutes(60);
    assertThat(run.story()).containsExactly("opened");
  }

  @ParameterizedTest
  @CsvSource({"Progressing,False,ProgressDeadlineExceeded", "ReplicaFailure,True,FailedCreate"})
  void the_conservative_profile_waits_fifteen_minutes(String type, String status, String reason) {
    DetectionRun patient = run(Thresholds.conservative());
    patient.sees(deployment(2).says(type, status, reason, null).alone()).passSeconds(899);
    assertThat(patient.transitions()).isEmpty();
    patient.passSeconds(20);
    assertThat(patient.story()).containsExactly("opened");
  }
}
