package cx.niro.core.incident.rules;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.Environment;
import cx.niro.core.Severity;
import cx.niro.core.incident.DetectionEngine;
import cx.niro.core.testkit.DetectionRun;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatefulSetDegradedTest {
  private final DetectionRun run =
      DetectionRun.of(DetectionEngine.of(List.of(new StatefulSetDegraded(Thresholds.standard()))));

  private static AWorkload set(Integer wants, Integer has) {
    return AWorkload.of("StatefulSet").pods(wants, has);
  }

  private static AWorkload updating(int updated, int has) {
    return set(3, has).updated(updated).updatingTo("r2");
  }

  private void open() {
    run.sees(set(3, 3).alone()).passMinutes(1).sees(set(3, 2).alone()).passMinutes(11);
    assertThat(run.openScopes()).containsExactly("ns/shop/StatefulSet/web");
  }

  @Test
  void opens_when_some_are_not_ready_for_ten_minutes() {
    run.sees(set(3, 3).alone()).passMinutes(5).sees(set(3, 2).alone()).passSeconds(599);
    assertThat(run.transitions()).isEmpty();
    run.passSeconds(20);
    assertThat(run.opened().get(0).summary())
        .isEqualTo("StatefulSet shop/web has fewer ready pods than it wants");
    assertThat(run.opened().get(0).evidence()).containsEntry("reason", List.of("not_ready"));
  }

  @ParameterizedTest
  @CsvSource({"DEV,LOW", "STAGING,MEDIUM", "UNSPECIFIED,MEDIUM", "PRODUCTION,HIGH"})
  void severity_rises_with_the_environment(Environment environment, Severity severity) {
    run.in(environment);
    open();
    assertThat(run.opened().get(0).severity()).isEqualTo(severity);
  }

  @Test
  void resolves_after_a_minute_with_all_ready() {
    open();
    run.sees(set(3, 3).alone()).passSeconds(59);
    assertThat(run.story()).containsExactly("opened");
    run.passSeconds(20);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @Test
  void numbers_that_are_not_mentioned_are_zero() {
    run.sees(set(null, null).updated(null).total(null).alone()).passMinutes(11);
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void scaled_to_zero_is_well() {
    run.sees(set(0, 0).alone()).passMinutes(60);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void pods_created_one_after_the_other_are_on_their_way() {
    run.sees(set(8, 0).total(1).generation(2L, 1L).alone()).passMinutes(1);
    for (int i = 1; i < 8; i++) {
      run.sees(set(8, i).total(i + 1).generation(2L, 2L).alone()).passMinutes(9);
    }
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void a_moving_update_is_left_alone() {
    run.sees(set(3, 3).alone()).passMinutes(1);
    for (int i = 0; i < 3; i++) {
      run.sees(updating(i, 2).alone()).passMinutes(9);
    }
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void an_update_that_stopped_opens_ten_and_fifteen_minutes_later() {
    run.sees(set(3, 3).alone()).passMinutes(1);
    run.sees(updating(1, 3).alone()).passSeconds(25 * 60 - 5);
    assertThat(run.transitions()).isEmpty();
    run.passSeconds(30);
    assertThat(run.opened().get(0).summary())
        .isEqualTo("StatefulSet shop/web stopped updating its pods");
    assertThat(run.opened().get(0).evidence()).containsEntry("reason", List.of("update_stopped"));
  }

  @Test
  void an_update_that_stopped_on_a_sick_pod_opens_sooner() {
    run.sees(updating(1, 2).alone()).passSeconds(20 * 60 - 5);
    assertThat(run.transitions()).isEmpty();
    run.passSeconds(30);
    assertThat(run.opened().get(0).evidence()).containsEntry("reason", List.of("not_ready"));
  }

  @Test
  void one_that_updates_on_deletion_is_not_expected_to_be_updated() {
    run.sees(updating(0, 3).strategy("OnDelete").alone()).passMinutes(60);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void one_with_a_partition_is_not_expected_to_be_updated() {
    run.sees(updating(1, 3).partition(2).alone()).passMinutes(60);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void a_partition_of_zero_is_none() {
    run.sees(updating(1, 3).partition(0).alone()).passMinutes(26);
    assertThat(run.story()).containsExactly("opened");
  }

  @ParameterizedTest
  @CsvSource({"OnDelete,0", "RollingUpdate,2"})
  void their_missing_pods_count_all_the_same(String strategy, int partition) {
    run.sees(updating(0, 2).strategy(strategy).partition(partition).alone()).passMinutes(11);
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void an_update_that_only_lacks_its_bookkeeping_is_well() {
    run.sees(updating(3, 3).alone()).passMinutes(60);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void an_update_that_starts_while_open_holds_the_incident() {
    open();
    run.sees(updating(1, 1).generation(2L, 2L).alone()).passMinutes(9);
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void stays_frozen_while_nobody_can_tell() {
    open();
    run.sees(AWorkload.partial(AWorkload.cluster())).passMinutes(60);
    run.sees(AWorkload.failed()).passMinutes(60);
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void a_deleted_one_resolves_as_such() {
    open();
    run.sees(AWorkload.cluster()).passMinutes(2);
    assertThat(run.story()).containsExactly("opened", "resolved object_deleted");
  }
}
