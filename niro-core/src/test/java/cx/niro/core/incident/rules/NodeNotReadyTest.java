package cx.niro.core.incident.rules;

import static cx.niro.core.testkit.DetectionRun.clusterMillis;
import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.Environment;
import cx.niro.core.Severity;
import cx.niro.core.incident.DetectionEngine;
import cx.niro.core.incident.Seen;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Node;
import cx.niro.core.testkit.DetectionRun;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NodeNotReadyTest {
  private final DetectionRun run =
      DetectionRun.of(DetectionEngine.of(List.of(new NodeNotReady(Thresholds.standard()))));

  private ClusterSnapshot now(String ready) {
    return Seen.nodes(Seen.node("n1", ready, clusterMillis(run.now())));
  }

  private ClusterSnapshot cordoned(String ready) {
    return Seen.nodes(Seen.node("n1", ready, clusterMillis(run.now()), 1L, true, "boot-1"));
  }

  @Test
  void opens_two_minutes_after_ready_became_false() {
    run.sees(now("True")).passMinutes(10).sees(now("False")).passSeconds(115);
    assertThat(run.transitions()).isEmpty();
    run.passSeconds(20);
    assertThat(run.openScopes()).containsExactly("node/n1");
    assertThat(run.opened().get(0).summary()).isEqualTo("Node n1 is not ready: KubeletNotReady");
    assertThat(run.opened().get(0).evidence()).containsEntry("reason", List.of("not_ready"));
  }

  @Test
  void opens_one_minute_after_the_kubelet_stopped_reporting() {
    run.sees(now("True")).passMinutes(10).sees(now("Unknown")).passSeconds(55);
    assertThat(run.transitions()).isEmpty();
    run.passSeconds(20);
    assertThat(run.opened().get(0).evidence()).containsEntry("reason", List.of("unreachable"));
  }

  @ParameterizedTest
  @EnumSource(Environment.class)
  void is_high_in_every_environment(Environment environment) {
    run.in(environment).sees(now("True")).passMinutes(1).sees(now("False")).passMinutes(3);
    assertThat(run.opened().get(0).severity()).isEqualTo(Severity.HIGH);
  }

  @Test
  void resolves_after_two_minutes_of_ready_and_not_earlier() {
    run.sees(now("True")).passMinutes(1).sees(now("False")).passMinutes(5);
    run.sees(now("True")).passSeconds(119);
    assertThat(run.story()).containsExactly("opened");
    run.passSeconds(20);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @Test
  void a_short_recovery_does_not_resolve() {
    run.sees(now("True")).passMinutes(1).sees(now("False")).passMinutes(5);
    for (int i = 0; i < 5; i++) {
      run.sees(now("True")).passSeconds(100).sees(now("False")).passSeconds(60);
    }
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void a_short_outage_does_not_open() {
    for (int i = 0; i < 10; i++) {
      run.sees(now("False")).passSeconds(100).sees(now("True")).passSeconds(60);
    }
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void an_outage_that_began_in_a_gap_is_counted_from_its_transition() {
    run.sees(now("True")).passMinutes(10).goesSilent().passMinutes(10);
    run.sees(Seen.nodes(Seen.node("n1", "False", run.ago(Duration.ofMinutes(5)))));
    var began = run.now().minus(Duration.ofMinutes(5));
    run.comesBack().passSeconds(31);
    assertThat(run.openScopes()).containsExactly("node/n1");
    assertThat(run.opened().get(0).since()).isBetween(began.minusSeconds(1), began.plusSeconds(1));
  }

  @Test
  void is_never_dated_back_before_the_cluster_was_known() {
    run.sees(Seen.nodes(Seen.node("n1", "False", 5L))).passMinutes(3);
    assertThat(run.opened().get(0).since())
        .isEqualTo(run.transitions().get(0).at().minus(Duration.ofMinutes(2)));
  }

  @Test
  void is_never_dated_back_before_the_node_was_created() {
    run.sees(now("True")).passMinutes(60);
    var created = run.now();
    long createdAt = run.ago(Duration.ZERO);
    Node old = Seen.node("n2", "False", run.ago(Duration.ofMinutes(30)), createdAt, null, "boot-1");
    run.sees(Seen.nodes(old)).passMinutes(8);
    assertThat(run.opened().get(0).since())
        .isBetween(created.minusSeconds(1), created.plusSeconds(3));
  }

  @Test
  void a_cordoned_node_opens_nothing() {
    run.sees(now("True")).passMinutes(1).sees(cordoned("False")).passMinutes(120);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void a_cordon_neither_resolves_nor_expires_an_open_one() {
    run.sees(now("True")).passMinutes(1).sees(now("False")).passMinutes(5);
    run.sees(cordoned("False")).passMinutes(48 * 60);
    assertThat(run.story()).containsExactly("opened");
    run.sees(cordoned("True")).passMinutes(3);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @Test
  void a_node_that_is_just_starting_is_left_alone() {
    run.sees(now("True")).passMinutes(10);
    long created = run.ago(Duration.ZERO);
    run.sees(Seen.nodes(Seen.node("n2", "False", created, created, null, "boot-1")))
        .passSeconds(295);
    assertThat(run.transitions()).isEmpty();
    run.passSeconds(40);
    assertThat(run.openScopes()).containsExactly("node/n2");
  }

  @Test
  void other_conditions_are_not_read() {
    run.sees(now("True")).passMinutes(30);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void a_deleted_node_resolves_as_such() {
    run.sees(now("True")).passMinutes(1).sees(now("False")).passMinutes(5);
    run.sees(Seen.nodes()).passMinutes(2);
    assertThat(run.story()).containsExactly("opened", "resolved object_deleted");
  }

  @Test
  void stays_frozen_while_nodes_cannot_be_listed() {
    run.sees(now("True")).passMinutes(1).sees(now("False")).passMinutes(5);
    run.sees(Seen.partial(Seen.nodes())).passMinutes(60);
    run.sees(Seen.failed()).passMinutes(60);
    assertThat(run.story()).containsExactly("opened");
    run.sees(now("True")).passMinutes(3);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @Test
  void a_node_without_a_ready_condition_is_unknown() {
    run.sees(now("True")).passMinutes(1).sees(now("False")).passMinutes(5);
    Node mute =
        new Node(
            Seen.meta("uid-n1", null, "n1", 1L, null),
            null,
            List.of(),
            List.of(),
            null,
            null,
            null,
            null,
            null);
    run.sees(Seen.nodes(mute)).passMinutes(60);
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void turning_from_false_to_unknown_goes_on_as_one_incident() {
    run.sees(now("True")).passMinutes(1).sees(now("False")).passMinutes(5);
    run.sees(now("Unknown")).passMinutes(10);
    assertThat(run.story()).containsExactly("opened", "updated");
    assertThat(run.updated().get(0).evidence()).containsEntry("reason", List.of("unreachable"));
  }

  @Test
  void each_node_has_its_own() {
    run.sees(now("True")).passMinutes(1);
    long at = clusterMillis(run.now());
    run.sees(
            Seen.nodes(
                Seen.node("n1", "False", at),
                Seen.node("n2", "True", at),
                Seen.node("n3", "Unknown", at)))
        .passMinutes(4);
    assertThat(run.openScopes()).containsExactly("node/n1", "node/n3");
    assertThat(run.opened())
        .extracting(one -> Map.copyOf(one.evidence()).get("reason"))
        .containsExactly(List.of("unreachable"), List.of("not_ready"));
  }
}
