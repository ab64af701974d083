package cx.niro.core.incident.rules;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.Environment;
import cx.niro.core.Severity;
import cx.niro.core.incident.DetectionEngine;
import cx.niro.core.incident.Seen;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Node;
import cx.niro.core.testkit.DetectionRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ControlPlaneQuorumTest {
  private static final String ETCD = "node-role.kubernetes.io/etcd";

  private final DetectionRun run =
      DetectionRun.of(DetectionEngine.of(List.of(new ControlPlaneQuorum(Thresholds.standard()))));

  private static NodeOf server(int number, boolean ready) {
    return NodeOf.named("s" + number)
        .label(ETCD, "true")
        .with("Ready", ready ? "True" : "False", null);
  }

  private static ClusterSnapshot cluster(Node... nodes) {
    List<Node> all = new ArrayList<>(List.of(nodes));
    all.add(NodeOf.ready("worker"));
    return Seen.nodes(all.toArray(Node[]::new));
  }

  /** So many servers, the first few of them down. */
  private static ClusterSnapshot cluster(int members, int down) {
    List<Node> nodes = new ArrayList<>();
    for (int i = 1; i <= members; i++) {
      nodes.add(server(i, i > down).build());
    }
    return cluster(nodes.toArray(Node[]::new));
  }

  @Test
  void opens_after_a_minute() {
    run.sees(cluster(3, 0)).passMinutes(5).sees(cluster(3, 1)).passSeconds(59);
    assertThat(run.transitions()).isEmpty();
    run.passSeconds(30);
    assertThat(run.openScopes()).containsExactly("cluster");
    assertThat(run.opened().get(0).summary())
        .isEqualTo("One more etcd node down and the control plane loses its quorum");
    assertThat(run.opened().get(0).evidence()).containsEntry("notReady", List.of("s1"));
  }

  @ParameterizedTest
  @CsvSource({
    "1,1,false",
    "2,1,false",
    "3,0,false",
    "3,1,true",
    "4,0,false",
    "4,1,true",
    "5,1,false",
    "5,2,true",
    "7,2,false",
    "7,3,true"
  })
  void is_at_risk_when_one_more_failure_loses_the_quorum(int members, int down, boolean risk) {
    run.sees(cluster(members, down)).passMinutes(5);
    assertThat(run.openScopes().isEmpty()).isNotEqualTo(risk);
  }

  @ParameterizedTest
  @CsvSource({"3,2", "4,2", "5,3", "5,5"})
  void says_that_the_quorum_is_gone(int members, int down) {
    run.sees(cluster(members, down)).passMinutes(5);
    assertThat(run.opened().get(0).summary())
        .isEqualTo("Too few etcd nodes are ready: the control plane has lost its quorum");
  }

  @ParameterizedTest
  @EnumSource(Environment.class)
  void is_high_in_every_environment(Environment environment) {
    run.in(environment).sees(cluster(3, 1)).passMinutes(2);
    assertThat(run.opened().get(0).severity()).isEqualTo(Severity.HIGH);
  }

  @Test
  void resolves_after_a_minute_with_enough_ready() {
    run.sees(cluster(3, 1)).passMinutes(5).sees(cluster(3, 0)).passSeconds(59);
    assertThat(run.story()).containsExactly("opened");
    run.passSeconds(20);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @Test
  void workers_and_a_control_plane_without_etcd_do_not_count() {
    Node[] nodes = new Node[3];
    for (int i = 0; i < 3; i++) {
      nodes[i] =
          NodeOf.named("cp" + i)
              .label("node-role.kubernetes.io/control-plane", "true")
              .with("Ready", "False", null)
              .build();
    }
    run.sees(cluster(nodes)).passMinutes(10);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void a_planned_reboot_is_left_alone() {
    Node rebooting = server(1, false).cordoned().build();
    run.sees(cluster(rebooting, server(2, true).build(), server(3, true).build()));
    run.passMinutes(60);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void a_failure_beside_a_planned_reboot_is_not() {
    Node rebooting = server(1, false).cordoned().build();
    run.sees(cluster(rebooting, server(2, false).build(), server(3, true).build()));
    run.passMinutes(2);
    assertThat(run.openScopes()).containsExactly("cluster");
  }

  @Test
  void a_cordon_keeps_what_is_open() {
    run.sees(cluster(3, 1)).passMinutes(5);
    Node rebooting = server(1, false).cordoned().build();
    run.sees(cluster(rebooting, server(2, true).build(), server(3, true).build()));
    run.passMinutes(60);
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void a_cordoned_server_that_is_ready_counts() {
    Node drained = server(1, true).cordoned().build();
    run.sees(cluster(drained, server(2, true).build(), server(3, true).build()));
    run.passMinutes(60);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void a_joining_server_has_five_minutes() {
    run.sees(cluster(2, 0)).passMinutes(10);
    Node joining = server(3, false).createdAt(run.ago(Duration.ZERO)).build();
    run.sees(cluster(server(1, true).build(), server(2, true).build(), joining)).passSeconds(350);
    assertThat(run.transitions()).isEmpty();
    run.passSeconds(40);
    assertThat(run.openScopes()).containsExactly("cluster");
  }

  @Test
  void stays_frozen_while_nobody_can_tell() {
    run.sees(cluster(3, 1)).passMinutes(5);
    run.sees(Seen.partial(cluster(3, 0))).passMinutes(60).sees(Seen.failed()).passMinutes(60);
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void opens_nothing_from_a_part_of_the_nodes() {
    run.sees(Seen.partial(cluster(3, 1))).passMinutes(60);
    assertThat(run.transitions()).isEmpty();
  }
}
