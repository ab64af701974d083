package cx.niro.core.incident.rules;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.Environment;
import cx.niro.core.Severity;
import cx.niro.core.incident.DetectionEngine;
import cx.niro.core.snapshot.Inventory;
import cx.niro.core.testkit.DetectionRun;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PvcPendingTest {
  private final DetectionRun run =
      DetectionRun.of(DetectionEngine.of(List.of(new PvcPending(Thresholds.standard()))));

  private static AClaim pending() {
    return AClaim.in("Pending");
  }

  private static AClaim failing() {
    return pending().failed(null);
  }

  private void open() {
    run.sees(failing().alone()).passMinutes(6);
    assertThat(run.openScopes()).containsExactly("pvc/shop/data");
  }

  @Test
  void opens_when_provisioning_failed_for_five_minutes() {
    run.sees(pending().alone()).passMinutes(30).sees(failing().alone()).passSeconds(299);
    assertThat(run.transitions()).isEmpty();
    run.passSeconds(20);
    assertThat(run.openScopes()).containsExactly("pvc/shop/data");
    assertThat(run.opened().get(0).summary())
        .isEqualTo("Claim shop/data gets no volume: provisioning failed");
    assertThat(run.opened().get(0).evidence())
        .containsEntry("reason", List.of("provisioning_failed"))
        .containsEntry("storageClass", List.of("local-path"))
        .containsEntry("message", List.of("no space on \"/data\""));
  }

  @Test
  void counts_from_the_first_event() {
    run.sees(pending().alone()).passMinutes(30);
    run.sees(pending().failed(run.ago(Duration.ofSeconds(290))).alone()).passSeconds(31);
    assertThat(run.openScopes()).containsExactly("pvc/shop/data");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ProvisioningFailed", "FailedBinding"})
  void either_event_tells(String reason) {
    run.sees(pending().event(reason, "uid-data", null).alone()).passMinutes(6);
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void events_of_others_and_other_events_do_not() {
    AClaim claim =
        pending().event("ProvisioningFailed", "uid-x", null).event("Other", "uid-data", null);
    run.sees(claim.alone()).passMinutes(60);
    assertThat(run.transitions()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"DEV,LOW", "STAGING,MEDIUM", "UNSPECIFIED,MEDIUM", "PRODUCTION,HIGH"})
  void severity_rises_with_the_environment(Environment environment, Severity severity) {
    run.in(environment);
    open();
    assertThat(run.opened().get(0).severity()).isEqualTo(severity);
  }

  @Test
  void one_that_nobody_uses_is_low() {
    run.in(Environment.PRODUCTION).sees(failing().usedBy(0).alone()).passMinutes(6);
    assertThat(run.opened().get(0).severity()).isEqualTo(Severity.LOW);
  }

  @ParameterizedTest
  @CsvSource({"fast,Immediate", ",", "'',"})
  void opens_when_a_pod_waits_and_nothing_else_does(String storageClass, String mode) {
    run.sees(pending().ofClass(storageClass, mode).alone()).passSeconds(299);
    assertThat(run.transitions()).isEmpty();
    run.passSeconds(20);
    assertThat(run.opened().get(0).summary())
        .isEqualTo("Claim shop/data gets no volume, and a pod waits for it");
    assertThat(run.opened().get(0).evidence()).containsEntry("reason", List.of("waited_for"));
  }

  @Test
  void counts_from_the_creation_of_a_claim_that_a_pod_waits_for() {
    run.sees(AWorkload.cluster()).passMinutes(10);
    long created = run.ago(Duration.ofSeconds(290));
    run.sees(pending().ofClass("fast", "Immediate").createdAt(created).alone()).passSeconds(31);
    assertThat(run.story()).containsExactly("opened");
  }

  @ParameterizedTest
  @CsvSource({"local-path,WaitForFirstConsumer", "local-path,"})
  void a_class_that_waits_for_a_pod_or_may_do_so_is_pending_by_design(
      String storageClass, String mode) {
    run.sees(pending().ofClass(storageClass, mode).alone()).passMinutes(60);
    run.sees(pending().ofClass(storageClass, mode).usedBy(0).alone()).passMinutes(60);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void an_unused_claim_is_no_incident() {
    run.sees(pending().ofClass("fast", "Immediate").usedBy(0).alone()).passMinutes(60);
    run.sees(pending().ofClass("fast", "Immediate").usedBy(null).alone()).passMinutes(60);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void stays_open_when_the_event_expires() {
    open();
    run.sees(pending().alone()).passMinutes(48 * 60);
    run.sees(pending().usedBy(null).alone()).passMinutes(60);
    assertThat(run.story()).containsExactly("opened");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bound", "Lost"})
  void resolves_when_it_is_pending_no_more(String phase) {
    open();
    run.sees(AClaim.in(phase).failed(null).alone()).passSeconds(20);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @Test
  void resolves_when_nobody_uses_it_and_nothing_fails() {
    open();
    run.sees(pending().usedBy(0).alone()).passSeconds(20);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @Test
  void a_deleted_one_resolves_as_such() {
    open();
    run.sees(failing().deleted().alone()).passMinutes(2);
    assertThat(run.story()).containsExactly("opened", "resolved object_deleted");
  }

  @Test
  void stays_frozen_while_nobody_can_tell() {
    open();
    run.sees(AClaim.in(null).alone()).passMinutes(60);
    run.sees(AWorkload.partial(AWorkload.with(Inventory.EMPTY))).passMinutes(60);
    run.sees(AWorkload.failed()).passMinutes(60);
    assertThat(run.story()).containsExactly("opened");
  }
}
