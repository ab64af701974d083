package cx.niro.core.incident.rules;

import static cx.niro.core.testkit.DetectionRun.clusterMillis;
import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.Environment;
import cx.niro.core.Severity;
import cx.niro.core.incident.DetectionEngine;
import cx.niro.core.incident.Seen;
import cx.niro.core.incident.rules.NodePressure.Kind;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.testkit.DetectionRun;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodePressureTest {
  private final DetectionRun run = run(Kind.DISK);

  private static DetectionRun run(Kind kind) {
    return DetectionRun.of(
        DetectionEngine.of(List.of(new NodePressure(kind, Thresholds.standard()))));
  }

  private ClusterSnapshot now(String status) {
    return Seen.nodes(
        NodeOf.named("n1").with("DiskPressure", status, clusterMillis(run.now())).build());
  }

  private ClusterSnapshot cordoned(String status) {
    return Seen.nodes(NodeOf.named("n1").with("DiskPressure", status, null).cordoned().build());
  }

  private void open() {
    run.sees(now("False")).passMinutes(1).sees(now("True")).passMinutes(4);
    assertThat(run.openScopes()).containsExactly("node/n1");
  }

  @Test
  void opens_three_minutes_after_the_transition() {
    run.sees(now("False")).passMinutes(10).sees(now("True")).passSeconds(179);
    assertThat(run.transitions()).isEmpty();
    run.passSeconds(2);
    assertThat(run.openScopes()).containsExactly("node/n1");
    assertThat(run.opened().get(0).summary())
        .isEqualTo("Node n1 runs short of disk space and evicts pods");
    assertThat(run.opened().get(0).evidence())
        .containsEntry("condition", List.of("DiskPressure=True"))
        .containsEntry("message", List.of("kubelet has a DiskPressure"));
  }

  @Test
  void counts_from_the_transition_that_the_node_reports() {
    run.sees(now("False")).passMinutes(10);
    long since = run.ago(Duration.ofSeconds(170));
    run.sees(Seen.nodes(NodeOf.named("n1").with("DiskPressure", "True", since).build()));
    run.passSeconds(31);
    assertThat(run.openScopes()).containsExactly("node/n1");
  }

  @ParameterizedTest
  @CsvSource({
    "MEMORY,MemoryPressure,node_memory_pressure,LOW,MEDIUM,MEDIUM",
    "DISK,DiskPressure,node_disk_pressure,MEDIUM,MEDIUM,HIGH",
    "PID,PIDPressure,node_pid_pressure,MEDIUM,MEDIUM,HIGH"
  })
  void each_kind_has_its_condition_type_and_severities(
      Kind kind, String condition, String type, Severity dev, Severity staging, Severity prod) {
    ClusterSnapshot seen = Seen.nodes(NodeOf.named("n1").with(condition, "True", null).build());
    assertThat(opened(kind, Environment.DEV, seen)).isEqualTo(type + " " + dev);
    assertThat(opened(kind, Environment.UNSPECIFIED, seen)).isEqualTo(type + " " + staging);
    assertThat(opened(kind, Environment.PRODUCTION, seen)).isEqualTo(type + " " + prod);
  }

  private static String opened(Kind kind, Environment environment, ClusterSnapshot seen) {
    DetectionRun one = run(kind).in(environment).sees(seen).passMinutes(4);
    return one.opened().get(0).type() + " " + one.opened().get(0).severity();
  }

  @Test
  void resolves_after_five_minutes_without_pressure() {
    open();
    run.sees(now("False")).passSeconds(299);
    assertThat(run.story()).containsExactly("opened");
    run.passSeconds(20);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @Test
  void a_short_pressure_does_not_open() {
    for (int i = 0; i < 10; i++) {
      run.sees(now("True")).passSeconds(160).sees(now("False")).passSeconds(60);
    }
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void other_conditions_are_not_read() {
    run.sees(Seen.nodes(NodeOf.named("n1").with("MemoryPressure", "True", null).build()));
    run.passMinutes(30);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void a_cordoned_node_opens_nothing() {
    run.sees(cordoned("True")).passMinutes(60);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void a_cordon_keeps_what_is_open() {
    open();
    run.sees(cordoned("True")).passMinutes(48 * 60);
    assertThat(run.story()).containsExactly("opened");
    run.sees(cordoned("False")).passMinutes(6);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @Test
  void stays_frozen_while_nobody_can_tell() {
    open();
    run.sees(now("Unknown")).passMinutes(60);
    run.sees(Seen.nodes(NodeOf.ready("n1"))).passMinutes(60);
    run.sees(Seen.partial(Seen.nodes())).passMinutes(60);
    run.sees(Seen.failed()).passMinutes(60);
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void unknown_opens_nothing() {
    run.sees(now("Unknown")).passMinutes(60);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void a_deleted_node_resolves_as_such() {
    open();
    run.sees(Seen.nodes()).passMinutes(2);
    assertThat(run.story()).containsExactly("opened", "resolved object_deleted");
  }

  @Test
  void the_conservative_profile_waits_ten_minutes() {
    DetectionRun patient =
        DetectionRun.of(
            DetectionEngine.of(List.of(new NodePressure(Kind.DISK, Thresholds.conservative()))));
    patient.sees(now("True")).passSeconds(599);
    assertThat(patient.transitions()).isEmpty();
    patient.passSeconds(20);
    assertThat(patient.story()).containsExactly("opened");
  }
}
