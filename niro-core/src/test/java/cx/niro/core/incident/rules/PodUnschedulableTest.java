package cx.niro.core.incident.rules;

import static cx.niro.core.testkit.DetectionRun.clusterMillis;
import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.Environment;
import cx.niro.core.Severity;
import cx.niro.core.incident.DetectionEngine;
import cx.niro.core.testkit.DetectionRun;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodUnschedulableTest {
  private static final String CPU = "0/1 nodes are available: 1 Insufficient cpu.";

  private final DetectionRun run =
      DetectionRun.of(DetectionEngine.of(List.of(new PodUnschedulable(Thresholds.standard()))));

  private static APod unplaced(String reason, @Nullable String message) {
    return unplaced(reason, message, 1L);
  }

  private static APod unplaced(String reason, @Nullable String message, long since) {
    return APod.created(1L).on(null).says("PodScheduled", "False", reason, message, since);
  }

  @Test
  void opens_three_minutes_after_the_scheduler_gave_up() {
    run.passMinutes(5);
    long since = clusterMillis(run.now());
    run.sees(unplaced("Unschedulable", CPU, since).alone()).passSeconds(179);
    assertThat(run.transitions()).isEmpty();
    run.passSeconds(1);
    assertThat(run.openScopes()).containsExactly("ns/shop/Deployment/web");
  }

  @Test
  void a_pod_that_waits_for_its_claim_is_told_after_the_claim() {
    run.passMinutes(5);
    String unbound = "0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.";
    run.sees(unplaced("Unschedulable", unbound, clusterMillis(run.now())).alone());
    run.passSeconds(359);
    assertThat(run.transitions()).isEmpty();
    run.passSeconds(1);
    assertThat(run.openScopes()).containsExactly("ns/shop/Deployment/web");
  }

  @Test
  void pods_behind_a_scheduling_gate_wait_by_design() {
    run.sees(unplaced("SchedulingGated", null).alone()).passMinutes(60);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void a_pod_that_no_scheduler_looked_at_is_not_this_rules_subject() {
    run.sees(APod.created(1L).on(null).alone()).passMinutes(60);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void a_new_node_that_takes_a_minute_to_be_ready_is_in_time() {
    run.passMinutes(5);
    String taint = "0/1 nodes are available: 1 node(s) had untolerated taint {not-ready: }";
    run.sees(unplaced("Unschedulable", taint, clusterMillis(run.now())).alone()).passSeconds(90);
    run.sees(APod.created(1L).alone()).passMinutes(30);
    assertThat(run.transitions()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"DaemonSet, 0", "Deployment, 1"})
  void pods_of_a_daemon_set_for_a_cordoned_node_wait_by_design(String kind, int incidents) {
    String cordoned =
        "0/2 nodes are available: 1 node(s) didn't match Pod's node affinity/selector, 1 node(s)"
            + " were unschedulable.";
    run.sees(unplaced("Unschedulable", cordoned).of(kind).alone()).passMinutes(30);
    assertThat(run.opened()).hasSize(incidents);
  }

  @Test
  void pods_of_a_daemon_set_for_a_full_node_are_told() {
    run.sees(unplaced("Unschedulable", CPU).of("DaemonSet").alone()).passMinutes(30);
    assertThat(run.openScopes()).containsExactly("ns/shop/DaemonSet/web");
  }

  @Test
  void a_replacement_behind_a_gate_resolves_it_and_one_nobody_looked_at_does_not() {
    run.sees(unplaced("Unschedulable", CPU).of("DaemonSet").alone()).passMinutes(4);
    run.sees(APod.created(1L).of("DaemonSet").on(null).alone()).passMinutes(30);
    String cordoned = "0/1 nodes are available: 1 node(s) were unschedulable.";
    run.sees(unplaced("Unschedulable", cordoned).of("DaemonSet").alone()).passMinutes(30);
    assertThat(run.story()).containsExactly("opened");
    run.sees(unplaced("SchedulingGated", null).of("DaemonSet").alone()).passSeconds(15);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @Test
  void resolves_when_it_is_placed() {
    run.sees(unplaced("Unschedulable", CPU).alone()).passMinutes(4);
    run.sees(APod.created(1L).alone()).passSeconds(15);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @ParameterizedTest
  @CsvSource({"DEV, LOW", "STAGING, MEDIUM", "PRODUCTION, HIGH"})
  void severity_follows_the_environment(Environment environment, Severity severity) {
    run.in(environment).sees(unplaced("Unschedulable", CPU).alone()).passMinutes(4);
    assertThat(run.opened().get(0).severity()).isEqualTo(severity);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 Insufficient cpu | insufficient_cpu",
        "1 Insufficient memory | insufficient_memory",
        "1 Insufficient nvidia.com/gpu | insufficient_other",
        "1 Too many pods | max_pods",
        "1 node(s) had untolerated taint {dedicated: db} | taint",
        "1 node(s) had taint {a: b}, that the pod didn't tolerate | taint",
        "1 node(s) didn't match Pod's node affinity/selector | affinity_or_selector",
        "1 node(s) didn't match pod anti-affinity rules | affinity_or_selector",
        "1 node(s) didn't match pod topology spread constraints | affinity_or_selector",
        "1 node(s) had volume node affinity conflict | volume_node_affinity",
        "pod has unbound immediate PersistentVolumeClaims | claim_not_bound",
        "persistentvolumeclaim \"data\" not found | claim_not_bound",
        "1 node(s) didn't have free ports for the requested pod ports | host_port",
        "1 node(s) were unschedulable | cordoned",
        "no nodes available to schedule pods | no_nodes",
        "something new | other"
      })
  void the_message_is_understood(String message, String cause) {
    run.sees(unplaced("Unschedulable", "0/1 nodes are available: " + message + ".").alone())
        .passMinutes(7);
    assertThat(run.opened().get(0).evidence()).containsEntry("reason", List.of(cause));
  }

  @ParameterizedTest
  @CsvSource({"DaemonSet, MEDIUM", "Deployment, HIGH"})
  void a_daemon_set_whose_port_is_taken_is_one_severity_lower(String kind, Severity severity) {
    String taken =
        "0/2 nodes are available: 1 node(s) didn't have free ports for the requested pod ports,"
            + " 1 node(s) didn't match Pod's node affinity/selector.";
    run.in(Environment.PRODUCTION);
    run.sees(unplaced("Unschedulable", taken).of(kind).alone()).passMinutes(4);
    assertThat(run.opened().get(0).severity()).isEqualTo(severity);
  }

  @Test
  void tells_all_causes_but_not_what_preemption_met() {
    String message =
        "0/3 nodes are available: 1 Insufficient memory, 2 node(s) had untolerated taint {a: b}."
            + " preemption: 0/3 nodes are available: 1 Insufficient cpu.";
    run.sees(unplaced("Unschedulable", message).alone()).passMinutes(4);
    assertThat(run.opened().get(0).summary())
        .isEqualTo("No node takes pods of Deployment shop/web: insufficient memory, taint");
    assertThat(run.opened().get(0).evidence())
        .containsEntry("reason", List.of("insufficient_memory", "taint"))
        .containsEntry("pods", List.of("web-p1"));
  }

  @Test
  void numbers_of_nodes_are_no_news() {
    run.sees(unplaced("Unschedulable", CPU).alone()).passMinutes(4);
    for (int nodes = 2; nodes < 9; nodes++) {
      String message = "0/" + nodes + " nodes are available: " + nodes + " Insufficient cpu.";
      run.sees(unplaced("Unschedulable", message).alone()).passMinutes(15);
    }
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void a_scheduler_that_does_not_say_why_is_told_as_such() {
    run.sees(unplaced("Unschedulable", null).alone()).passMinutes(4);
    assertThat(run.opened().get(0).summary())
        .isEqualTo("No node takes pods of Deployment shop/web");
  }
}
