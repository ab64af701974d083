package cx.niro.core.incident.rules;

import static cx.niro.core.testkit.DetectionRun.clusterMillis;
import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.Environment;
import cx.niro.core.Severity;
import cx.niro.core.incident.DetectionEngine;
import cx.niro.core.incident.Seen;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.testkit.DetectionRun;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeFlappingTest {
  private final DetectionRun run =
      DetectionRun.of(DetectionEngine.of(List.of(new NodeFlapping(Thresholds.standard()))));

  private NodeOf node(String ready) {
    return NodeOf.named("n1").with("Ready", ready, clusterMillis(run.now()));
  }

  private DetectionRun turns(String ready) {
    return run.sees(Seen.nodes(node(ready).build()));
  }

  /** Three changes, a minute apart. */
  private void flap() {
    turns("True").passMinutes(1);
    turns("False").passMinutes(1);
    turns("True").passMinutes(1);
    turns("False").passMinutes(1);
  }

  @Test
  void opens_at_the_third_change_within_fifteen_minutes() {
    turns("True").passMinutes(1);
    turns("False").passMinutes(1);
    turns("True").passMinutes(1);
    assertThat(run.transitions()).isEmpty();
    turns("False").passSeconds(16);
    assertThat(run.openScopes()).containsExactly("node/n1");
    assertThat(run.opened().get(0).summary())
        .isEqualTo("Node n1 changes between ready and not ready again and again");
  }

  @ParameterizedTest
  @CsvSource({"DEV,LOW", "STAGING,MEDIUM", "UNSPECIFIED,MEDIUM", "PRODUCTION,HIGH"})
  void severity_rises_with_the_environment(Environment environment, Severity severity) {
    run.in(environment);
    flap();
    assertThat(run.opened().get(0).severity()).isEqualTo(severity);
  }

  @Test
  void three_changes_in_more_than_fifteen_minutes_are_not_flapping() {
    turns("True").passMinutes(1);
    turns("False").passSeconds(445);
    turns("True").passSeconds(470);
    turns("False").passMinutes(30);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void three_changes_in_a_little_less_are() {
    turns("True").passMinutes(1);
    turns("False").passSeconds(430);
    turns("True").passSeconds(430);
    turns("False").passMinutes(1);
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void resolves_when_it_did_not_change_for_thirty_minutes() {
    flap();
    run.passMinutes(28);
    assertThat(run.story()).containsExactly("opened");
    run.passMinutes(2);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @Test
  void each_change_puts_the_end_off() {
    flap();
    for (int i = 0; i < 5; i++) {
      run.passMinutes(25);
      turns(i % 2 == 0 ? "True" : "False");
    }
    assertThat(run.story()).containsExactly("opened");
    run.passMinutes(29);
    assertThat(run.story()).containsExactly("opened");
    run.passMinutes(2);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @Test
  void a_reboot_is_two_changes() {
    turns("True").passMinutes(10);
    turns("Unknown").passMinutes(2);
    turns("False").passMinutes(1);
    turns("True").passMinutes(60);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void changes_between_two_beats_count_too() {
    turns("True").passMinutes(1);
    turns("True").passMinutes(1);
    assertThat(run.transitions()).isEmpty();
    turns("True").passMinutes(1);
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void an_unchanged_node_counts_nothing_however_often_it_is_looked_at() {
    turns("False").evaluatingEveryBeat().passMinutes(60);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void what_changed_before_a_gap_in_time_is_old() {
    turns("True").passMinutes(1);
    turns("False").passMinutes(1);
    turns("True").passMinutes(1).goesSilent().passMinutes(60);
    long then = run.ago(Duration.ofMinutes(40));
    run.sees(Seen.nodes(NodeOf.named("n1").with("Ready", "True", then).build()));
    run.comesBack().passMinutes(10);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void nodes_without_transition_times_count_by_status() {
    for (int i = 0; i < 4; i++) {
      String ready = i % 2 == 0 ? "True" : "False";
      run.sees(Seen.nodes(NodeOf.named("n1").with("Ready", ready, null).build())).passMinutes(1);
    }
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void a_cordoned_node_may_reboot_as_often_as_it_likes() {
    turns("True").passMinutes(1);
    for (int i = 0; i < 6; i++) {
      ClusterSnapshot seen = Seen.nodes(node(i % 2 == 0 ? "False" : "True").cordoned().build());
      run.sees(seen).passMinutes(1);
    }
    turns("True").passMinutes(60);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void a_cordon_keeps_what_is_open() {
    flap();
    run.sees(Seen.nodes(node("False").cordoned().build())).passMinutes(26 * 60);
    assertThat(run.story()).containsExactly("opened");
    turns("False").passMinutes(31);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @Test
  void a_starting_node_is_left_alone() {
    turns("True").passMinutes(10);
    long created = run.ago(Duration.ZERO);
    for (int i = 0; i < 5; i++) {
      String ready = i % 2 == 0 ? "False" : "True";
      run.sees(Seen.nodes(node(ready).createdAt(created).build())).passSeconds(45);
    }
    run.passMinutes(60);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void survives_a_restart_of_the_server() {
    turns("True").passMinutes(1);
    turns("False").passMinutes(1);
    turns("True").passMinutes(1).serverStops().passMinutes(1).serverStarts();
    turns("False").passMinutes(1);
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void stays_frozen_while_nobody_can_tell() {
    flap();
    run.sees(Seen.partial(Seen.nodes())).passMinutes(60);
    run.sees(Seen.failed()).passMinutes(60);
    run.sees(Seen.nodes(NodeOf.named("n1").build())).passMinutes(60);
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void a_deleted_node_resolves_as_such() {
    flap();
    run.sees(Seen.nodes()).passMinutes(2);
    assertThat(run.story()).containsExactly("opened", "resolved object_deleted");
  }

  @Test
  void a_very_restless_node_fits_the_memory() {
    turns("True").passSeconds(15);
    for (int i = 0; i < 100; i++) {
      turns(i % 2 == 0 ? "False" : "True").passSeconds(15);
    }
    assertThat(run.story()).containsExactly("opened");
  }
}
