package cx.niro.core.incident.rules;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.Environment;
import cx.niro.core.Severity;
import cx.niro.core.incident.DetectionEngine;
import cx.niro.core.snapshot.Inventory;
import cx.niro.core.testkit.DetectionRun;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PvcLostTest {
  private final DetectionRun run = DetectionRun.of(DetectionEngine.of(List.of(new PvcLost())));

  private void open() {
    run.sees(AClaim.in("Bound").alone()).passMinutes(1);
    run.sees(AClaim.in("Lost").volume("pv-7").alone()).passSeconds(16);
    assertThat(run.openScopes()).containsExactly("pvc/shop/data");
  }

  @Test
  void opens_at_once() {
    open();
    assertThat(run.opened().get(0).summary()).isEqualTo("Claim shop/data has lost its volume");
    assertThat(run.opened().get(0).evidence()).isEqualTo(Map.of("volume", List.of("pv-7")));
  }

  @Test
  void says_when_the_volume_has_no_name() {
    run.sees(AClaim.in("Lost").alone()).passSeconds(16);
    assertThat(run.opened().get(0).evidence()).isEqualTo(Map.of("volume", List.of("not named")));
  }

  @ParameterizedTest
  @CsvSource({"DEV,MEDIUM", "STAGING,HIGH", "UNSPECIFIED,HIGH", "PRODUCTION,HIGH"})
  void is_high_but_in_dev(Environment environment, Severity severity) {
    run.in(environment);
    open();
    assertThat(run.opened().get(0).severity()).isEqualTo(severity);
  }

  @Test
  void resolves_when_it_is_bound_again() {
    open();
    run.sees(AClaim.in("Bound").alone()).passSeconds(16);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @Test
  void a_pending_claim_is_not_lost() {
    run.sees(AClaim.in("Pending").alone()).passMinutes(60);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void a_claim_that_is_being_deleted_is_not_missed() {
    run.sees(AClaim.in("Lost").deleted().alone()).passMinutes(60);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void a_deleted_one_resolves_as_such() {
    open();
    run.sees(AClaim.in("Lost").deleted().alone()).passMinutes(2);
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
