package cx.niro.core.incident.rules;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.Environment;
import cx.niro.core.Severity;
import cx.niro.core.incident.DetectionEngine;
import cx.niro.core.incident.Seen;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Node;
import cx.niro.core.testkit.DetectionRun;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NodeMissingTest {
  private static final ClusterSnapshot BOTH = Seen.nodes(NodeOf.ready("n1"), NodeOf.ready("n2"));
  private static final ClusterSnapshot ONE = Seen.nodes(NodeOf.ready("n1"));

  private final DetectionRun run =
      DetectionRun.of(DetectionEngine.of(List.of(new NodeMissing(Thresholds.standard()))));

  private void open() {
    run.sees(BOTH).passMinutes(1).sees(ONE).passMinutes(6);
    assertThat(run.openScopes()).containsExactly("node/n2");
  }

  @Test
  void opens_after_five_minutes_without_the_node() {
    run.sees(BOTH).passMinutes(10).sees(ONE).passSeconds(299);
    assertThat(run.transitions()).isEmpty();
    run.passSeconds(20);
    assertThat(run.openScopes()).containsExactly("node/n2");
    assertThat(run.opened().get(0).summary()).isEqualTo("Node n2 is gone from the cluster");
  }

  @ParameterizedTest
  @CsvSource({"DEV,LOW", "STAGING,MEDIUM", "UNSPECIFIED,MEDIUM", "PRODUCTION,HIGH"})
  void severity_rises_with_the_environment(Environment environment, Severity severity) {
    run.in(environment);
    open();
    assertThat(run.opened().get(0).severity()).isEqualTo(severity);
  }

  @Test
  void resolves_when_the_node_is_back() {
    open();
    run.sees(BOTH).passSeconds(20);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @Test
  void resolves_after_a_day() {
    run.sees(BOTH).passMinutes(1).sees(ONE).passMinutes(24 * 60);
    assertThat(run.story()).containsExactly("opened");
    run.passMinutes(2);
    assertThat(run.story()).containsExactly("opened", "resolved object_deleted");
    run.passMinutes(48 * 60);
    assertThat(run.transitions()).hasSize(2);
  }

  @Test
  void a_node_that_returns_in_time_is_not_missing() {
    for (int i = 0; i < 5; i++) {
      run.sees(BOTH).passMinutes(1).sees(ONE).passMinutes(4);
    }
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void survives_a_restart_of_the_server() {
    run.sees(BOTH).passMinutes(1).serverStops().sees(ONE).passMinutes(1).serverStarts();
    run.passMinutes(6);
    assertThat(run.openScopes()).containsExactly("node/n2");
  }

  @Test
  void a_partial_list_misses_nobody_and_forgets_nobody() {
    run.sees(BOTH).passMinutes(1).sees(Seen.partial(ONE)).passMinutes(60);
    assertThat(run.transitions()).isEmpty();
    run.sees(ONE).passMinutes(6);
    assertThat(run.openScopes()).containsExactly("node/n2");
  }

  @Test
  void stays_frozen_while_nodes_cannot_be_listed() {
    open();
    run.sees(Seen.partial(ONE)).passMinutes(60).sees(Seen.failed()).passMinutes(60);
    assertThat(run.story()).containsExactly("opened");
    run.sees(BOTH).passMinutes(1);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @ParameterizedTest
  @CsvSource({
    "niro.cx/ephemeral,true",
    "karpenter.sh/capacity-type,spot",
    "karpenter.sh/nodepool,general",
    "eks.amazonaws.com/capacityType,SPOT",
    "cloud.google.com/gke-spot,true",
    "cloud.google.com/gke-preemptible,true",
    "kubernetes.azure.com/scalesetpriority,spot"
  })
  void nodes_of_pools_that_come_and_go_are_not_missed(String label, String value) {
    goes(NodeOf.named("n2").label(label, value).build());
    assertThat(run.transitions()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "niro.cx/ephemeral,false",
    "eks.amazonaws.com/capacityType,ON_DEMAND",
    "node-role.kubernetes.io/worker,spot"
  })
  void other_labels_exempt_nothing(String label, String value) {
    goes(NodeOf.named("n2").label(label, value).build());
    assertThat(run.openScopes()).containsExactly("node/n2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ToBeDeletedByClusterAutoscaler",
        "karpenter.sh/disrupted",
        "karpenter.sh/disruption"
      })
  void a_node_that_an_autoscaler_takes_away_is_not_missed(String taint) {
    goes(NodeOf.named("n2").taint("other").taint(taint).build());
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void a_node_that_was_drained_first_is_not_missed() {
    run.sees(BOTH).passMinutes(10);
    goes(NodeOf.named("n2").cordoned().build());
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void a_node_that_was_being_deleted_is_not_missed() {
    goes(NodeOf.named("n2").deletedAt(5).build());
    assertThat(run.transitions()).isEmpty();
  }

  private void goes(Node node) {
    run.sees(Seen.nodes(NodeOf.ready("n1"), node)).passMinutes(1).sees(ONE).passMinutes(10);
  }

  @Test
  void a_machine_that_comes_back_under_another_name_is_not_missed() {
    Node old = NodeOf.named("old").boot("b7").build();
    Node renamed = NodeOf.named("new").boot("b7").build();
    run.sees(Seen.nodes(NodeOf.ready("n1"), old)).passMinutes(1).sees(ONE).passMinutes(2);
    run.sees(Seen.nodes(NodeOf.ready("n1"), renamed)).passMinutes(60);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void containers_that_share_a_boot_id_are_told_apart_by_being_known_before() {
    Node other = NodeOf.named("n3").boot("boot").build();
    run.sees(Seen.nodes(NodeOf.ready("n1"), NodeOf.ready("n2"), other)).passMinutes(1);
    run.sees(Seen.nodes(NodeOf.ready("n1"), other)).passMinutes(6);
    assertThat(run.openScopes()).containsExactly("node/n2");
  }

  @Test
  void a_new_node_without_a_boot_id_renames_nobody() {
    Node mute = NodeOf.named("n2").boot(null).build();
    Node other = NodeOf.named("n3").boot(null).build();
    run.sees(Seen.nodes(mute)).passMinutes(1).sees(Seen.nodes(other)).passMinutes(6);
    assertThat(run.openScopes()).containsExactly("node/n2");
  }

  @Test
  void the_longest_name_is_remembered() {
    String longest = "n".repeat(253);
    goes(NodeOf.ready(longest));
    assertThat(run.openScopes()).containsExactly("node/" + longest);
  }

  @Test
  void a_name_that_no_node_can_have_disturbs_nobody() {
    Node odd = NodeOf.ready("ü".repeat(253));
    run.sees(Seen.nodes(odd, NodeOf.ready("n1"), NodeOf.ready("n2"))).passMinutes(1);
    run.sees(ONE).passMinutes(6);
    assertThat(run.openScopes()).containsExactly("node/n2");
  }

  @Test
  void watches_a_thousand_nodes_and_no_more() {
    Node[] many =
        IntStream.range(0, 1_001)
            .mapToObj(i -> NodeOf.ready("n" + (10_000 + i)))
            .toArray(Node[]::new);
    Node[] fewer = IntStream.range(1, 1_000).mapToObj(i -> many[i]).toArray(Node[]::new);
    run.sees(Seen.nodes(many)).passMinutes(1).sees(Seen.nodes(fewer)).passMinutes(6);
    assertThat(run.openScopes()).containsExactly("node/n10000");
  }
}
