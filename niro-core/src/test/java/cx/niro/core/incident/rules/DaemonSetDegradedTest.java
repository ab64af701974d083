package cx.niro.core.incident.rules;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.Environment;
import cx.niro.core.Severity;
import cx.niro.core.incident.DetectionEngine;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Inventory;
import cx.niro.core.snapshot.Node;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.testkit.DetectionRun;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DaemonSetDegradedTest {
  private static final Node CORDONED =
      NodeOf.named("n1").with("Ready", "True", null).cordoned().build();
  private static final Node DOWN = NodeOf.named("n1").with("Ready", "False", null).build();

  private final DetectionRun run =
      DetectionRun.of(DetectionEngine.of(List.of(new DaemonSetDegraded(Thresholds.standard()))));

  private static AWorkload set(Integer wants, Integer has) {
    return AWorkload.of("DaemonSet").pods(wants, has);
  }

  private static Pod unready(String uid, String node) {
    return APod.created(1)
        .uid(uid)
        .of("DaemonSet")
        .phase("Running")
        .on(node)
        .says("Ready", "False", null, 1)
        .pod();
  }

  private static ClusterSnapshot cluster(AWorkload set, Node node, Pod... pods) {
    return AWorkload.with(
        new Inventory(
            List.of(node, NodeOf.ready("n2")),
            List.of(pods),
            List.of(set.workload()),
            List.of(),
            List.of(),
            List.of(),
            List.of()));
  }

  private void open() {
    run.sees(set(3, 3).alone()).passMinutes(1).sees(set(3, 2).alone()).passMinutes(11);
    assertThat(run.openScopes()).containsExactly("ns/shop/DaemonSet/web");
  }

  @Test
  void opens_when_some_are_unavailable_for_ten_minutes() {
    run.sees(set(3, 3).alone()).passMinutes(5).sees(set(3, 2).alone()).passSeconds(599);
    assertThat(run.transitions()).isEmpty();
    run.passSeconds(20);
    assertThat(run.opened().get(0).summary())
        .isEqualTo("DaemonSet shop/web is not as it should be on every node");
    assertThat(run.opened().get(0).evidence())
        .isEqualTo(Map.of("reason", List.of("not_available")));
  }

  @ParameterizedTest
  @CsvSource({"DEV,LOW", "STAGING,MEDIUM", "UNSPECIFIED,MEDIUM", "PRODUCTION,HIGH"})
  void severity_rises_with_the_environment(Environment environment, Severity severity) {
    run.in(environment);
    open();
    assertThat(run.opened().get(0).severity()).isEqualTo(severity);
  }

  @ParameterizedTest
  @CsvSource({"DEV,LOW", "STAGING,LOW", "PRODUCTION,MEDIUM"})
  void load_balancers_of_k3s_count_a_step_less(Environment environment, Severity severity) {
    AWorkload balancer =
        set(3, 2)
            .named("kube-system", "svclb-traefik")
            .label("svccontroller.k3s.cattle.io/svcname", "traefik");
    run.in(environment).sees(balancer.alone()).passMinutes(11);
    assertThat(run.opened().get(0).severity()).isEqualTo(severity);
    assertThat(run.opened().get(0).evidence().get("hint").get(0)).contains("enablelb");
  }

  @Test
  void resolves_after_a_minute() {
    open();
    run.sees(set(3, 3).alone()).passSeconds(59);
    assertThat(run.story()).containsExactly("opened");
    run.passSeconds(20);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @Test
  void one_that_no_node_wants_is_well() {
    run.sees(set(0, 0).alone()).passMinutes(30);
    run.sees(set(null, null).alone()).passMinutes(30);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void opens_when_pods_run_where_they_should_not() {
    run.sees(set(3, 3).misscheduled(1).alone()).passMinutes(11);
    assertThat(run.opened().get(0).evidence()).containsEntry("reason", List.of("misscheduled"));
  }

  @Test
  void a_moving_rollout_is_left_alone() {
    run.sees(set(5, 5).alone()).passMinutes(1);
    for (int updated = 0; updated <= 5; updated++) {
      run.sees(set(5, 4).updated(updated).alone()).passSeconds(290);
    }
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void a_rollout_that_stopped_opens_five_and_ten_minutes_later() {
    run.sees(set(5, 5).alone()).passMinutes(1);
    run.sees(set(5, 5).updated(2).alone()).passSeconds(15 * 60 - 5);
    assertThat(run.transitions()).isEmpty();
    run.passSeconds(30);
    assertThat(run.opened().get(0).evidence()).containsEntry("reason", List.of("not_updated"));
  }

  @Test
  void a_change_that_was_not_observed_yet_is_a_rollout() {
    run.sees(set(3, 2).generation(4L, 3L).alone()).passMinutes(14);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void one_that_updates_on_deletion_is_not_expected_to_be_updated() {
    run.sees(set(3, 3).updated(0).strategy("OnDelete").alone()).passMinutes(60);
    assertThat(run.transitions()).isEmpty();
    run.sees(set(3, 2).updated(0).strategy("OnDelete").alone()).passMinutes(11);
    assertThat(run.opened().get(0).evidence()).containsEntry("reason", List.of("not_available"));
  }

  @Test
  void nodes_that_go_on_joining_are_followed() {
    for (int nodes = 3; nodes < 12; nodes++) {
      run.sees(set(nodes, nodes - 1).alone()).passMinutes(4);
    }
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void pods_on_a_cordoned_node_are_not_missed() {
    run.sees(cluster(set(3, 2), CORDONED, unready("p1", "n1"))).passMinutes(60);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void pods_on_a_node_that_is_not_ready_are_not_missed() {
    run.sees(cluster(set(3, 2).updated(2), DOWN, unready("p1", "n1"))).passMinutes(60);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void pods_on_other_nodes_are() {
    run.sees(cluster(set(3, 1), DOWN, unready("p1", "n1"), unready("p2", "n2")));
    run.passMinutes(11);
    assertThat(run.openScopes()).containsExactly("ns/shop/DaemonSet/web");
    assertThat(run.opened().get(0).evidence()).containsEntry("reason", List.of("not_available"));
  }

  @Test
  void a_cordon_keeps_what_is_open() {
    open();
    run.sees(cluster(set(3, 2), CORDONED, unready("p1", "n1"))).passMinutes(48 * 60);
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void nobody_can_tell_while_the_pods_are_not_all_known() {
    run.sees(AWorkload.partial(set(3, 2).alone())).passMinutes(60);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void stays_frozen_while_nobody_can_tell() {
    open();
    run.sees(AWorkload.partial(set(3, 2).alone())).passMinutes(60);
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
