package cx.niro.server.internal;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.ClusterId;
import cx.niro.core.CommandId;
import cx.niro.core.DeploymentId;
import cx.niro.core.managed.DriftState;
import cx.niro.core.snapshot.ManagedMark;
import cx.niro.server.internal.DriftSight.Told;
import cx.niro.server.spi.DeploymentRow;
import cx.niro.server.spi.DeploymentRow.Drift;
import cx.niro.server.spi.DeploymentRow.Look;
import cx.niro.server.spi.DeploymentRow.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DriftPaceTest {
  private static final Instant T0 = Instant.parse("2026-01-05T08:00:00Z");
  private static final CommandId LOOK = new CommandId("look");
  private static final DeploymentRow APPLIED =
      new DeploymentRow(
          new DeploymentId("d1"),
          new ClusterId("edge"),
          "web",
          "shop",
          new DeploymentRow.Origin("ada", T0),
          new DeploymentRow.Wanted(1, "{}", false, T0),
          new DeploymentRow.Applied(1, Status.SUCCEEDED, new CommandId("c1"), null, T0),
          drift(DriftState.IN_SYNC, 0, 0),
          DriftPace.anew(T0));

  private static Drift drift(DriftState state, long since, long checked) {
    return new Drift(state, T0.plusSeconds(since), T0.plusSeconds(checked), null);
  }

  private static DeploymentRow looked(String mark, int fruitless) {
    return APPLIED.with(new Look(null, mark, T0, fruitless));
  }

  private static long secondsTo(DeploymentRow row, String mark) {
    return Duration.between(T0, DriftPace.nextLook(row, mark)).toSeconds();
  }

  @Test
  void what_was_applied_is_looked_at_once_and_then_when_its_mark_changes() {
    assertThat(secondsTo(APPLIED, "m1")).isEqualTo(15);
    assertThat(DriftPace.nextLook(looked("m1", 0), "m1")).isNull();
    assertThat(secondsTo(looked("m1", 0), "m2")).isEqualTo(15);
    assertThat(DriftPace.nextLook(looked("m1", 0), null)).as("nothing is told").isNull();
  }

  @Test
  void nothing_is_looked_at_while_an_apply_a_deletion_or_a_look_is_under_way() {
    DeploymentRow.Applied pending =
        new DeploymentRow.Applied(2, Status.PENDING, new CommandId("c2"), null, T0);
    assertThat(DriftPace.nextLook(APPLIED.with(pending), "m1")).isNull();
    DeploymentRow.Wanted gone = new DeploymentRow.Wanted(1, "{}", true, T0);
    assertThat(DriftPace.nextLook(APPLIED.with(gone), "m1")).isNull();
    DeploymentRow underWay = APPLIED.with(new Look(LOOK, "m1", T0, 0));
    assertThat(secondsTo(underWay, "m2")).isEqualTo(DriftPace.LOST.toSeconds());
  }

  @Test
  void looks_grow_apart_to_five_minutes_while_marks_change_and_nothing_has_drifted() {
    List<Long> floors =
        List.of(0, 1, 2, 3, 4, 5, 6, 7, 1000).stream()
            .map(fruitless -> secondsTo(looked("m1", fruitless), "m2"))
            .toList();
    assertThat(floors).containsExactly(15L, 15L, 15L, 30L, 60L, 120L, 240L, 300L, 300L);
  }

  @Test
  void looks_that_fail_grow_apart_to_an_hour() {
    List<Long> seconds = new ArrayList<>();
    DeploymentRow row = APPLIED;
    for (int i = 0; i < 13; i++) {
      Instant next = DriftPace.nextLook(row, "m1");
      seconds.add(Duration.between(row.look().askedAt(), next).toSeconds());
      row = row.with(DriftPace.failed(DriftPace.asked(row.look(), LOOK, "m1", next)));
    }
    assertThat(seconds)
        .containsExactly(
            15L, 15L, 15L, 30L, 60L, 120L, 240L, 480L, 960L, 1920L, 3600L, 3600L, 3600L);
  }

  @Test
  void a_look_that_cannot_be_asked_for_counts_as_one_that_failed() {
    Instant now = T0.plusSeconds(60);
    Look refused = DriftPace.refused(new Look(null, "m0", T0, 3), now);
    assertThat(refused).isEqualTo(new Look(null, null, now, 4));
    assertThat(DriftPace.hasFailed(refused)).isTrue();
    assertThat(DriftPace.hasFailed(DriftPace.anew(T0))).isFalse();
  }

  @Test
  void drift_is_believed_when_a_second_look_15_seconds_later_says_it_too() {
    DeploymentRow once = looked("m1", 9).with(drift(DriftState.DRIFTED, 3, 3));
    assertThat(DriftPace.isConfirmed(once.drift())).isFalse();
    assertThat(secondsTo(once, "m1")).as("however noisy it is").isEqualTo(18);
    Drift twice = DriftPace.said(once.drift(), drift(DriftState.DRIFTED, 18, 18));
    assertThat(twice.since()).isEqualTo(T0.plusSeconds(3));
    assertThat(DriftPace.isConfirmed(twice)).isTrue();
    assertThat(secondsTo(once.with(twice), "m1"))
        .as("what somebody takes back by hand")
        .isEqualTo(DriftPace.WHILE_DRIFTED.toSeconds());
    assertThat(DriftPace.isConfirmed(drift(DriftState.IN_SYNC, 0, 60))).isFalse();
  }

  @Test
  void looks_are_fruitless_when_they_tell_nothing_new_and_20_minutes_forgive_them() {
    Drift calm = drift(DriftState.IN_SYNC, 0, 1);
    Drift bad = drift(DriftState.DRIFTED, 1, 1);
    Look asked = DriftPace.asked(new Look(null, "m0", T0, 3), LOOK, "m1", T0.plusSeconds(60));
    assertThat(asked).isEqualTo(new Look(LOOK, "m1", T0.plusSeconds(60), 3));
    assertThat(DriftPace.ended(asked, calm, calm))
        .isEqualTo(new Look(null, "m1", T0.plusSeconds(60), 4));
    assertThat(DriftPace.ended(asked, calm, bad).fruitless()).isZero();
    assertThat(DriftPace.ended(asked, bad, bad).fruitless()).isEqualTo(4);
    assertThat(DriftPace.failed(asked)).isEqualTo(new Look(null, null, T0.plusSeconds(60), 4));
    Look noisy = looked("m0", 9).look();
    Instant later = T0.plus(DriftPace.LONGEST).plus(DriftPace.FORGIVEN);
    assertThat(DriftPace.asked(noisy, LOOK, "m1", later).fruitless()).isZero();
    assertThat(DriftPace.asked(noisy, LOOK, "m1", later.minusSeconds(1)).fruitless()).isEqualTo(9);
  }

  @Test
  void a_look_that_leaves_something_open_is_repeated() {
    Look asked = new Look(LOOK, "m1", T0, 0);
    Drift open = drift(DriftState.UNKNOWN, 1, 1);
    DeploymentRow row = APPLIED.with(DriftPace.ended(asked, null, open)).with(open);
    assertThat(secondsTo(row, "m1")).isEqualTo(15);
  }

  @Test
  void the_plan_of_a_cluster_has_who_is_due_and_when_the_next_one_is() {
    DeploymentRow due = looked("m1", 0);
    DeploymentRow later = looked("m1", 5);
    Told told = new Told(List.of(new ManagedMark("web", 1, "m2")), true);
    DriftPlan plan = DriftPlan.of(List.of(due, later), told, T0.plusSeconds(20));
    assertThat(plan.looks()).containsExactly(due);
    assertThat(plan.nextAt()).isEqualTo(T0.plusSeconds(120));
    assertThat(plan.unknown()).isEmpty();
  }

  @Test
  void without_the_grant_nothing_is_known() {
    Told told = new Told(List.of(new ManagedMark("web", 1, "m2")), false);
    DriftPlan plan = DriftPlan.of(List.of(looked("m1", 0)), told, T0.plusSeconds(20));
    assertThat(plan.looks()).isEmpty();
    assertThat(plan.unknown()).hasSize(1);
    DeploymentRow known = looked("m1", 0).with(drift(DriftState.UNKNOWN, 1, 1));
    assertThat(DriftPlan.of(List.of(known), told, T0).unknown()).isEmpty();
  }
}
