package cx.niro.core.incident.rules;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.Environment;
import cx.niro.core.Severity;
import cx.niro.core.incident.DetectionEngine;
import cx.niro.core.incident.IncidentRule;
import cx.niro.core.incident.NodeLoads;
import cx.niro.core.incident.NodeLoads.Load;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Inventory;
import cx.niro.core.snapshot.Node;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.SectionStatus;
import cx.niro.core.snapshot.Usage;
import cx.niro.core.snapshot.Usage.Columns;
import cx.niro.core.testkit.DetectionRun;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeSaturatedTest {
  private static final Node N1 = NodeOf.named("n1").allocatable(1000, 1000).build();

  private final DetectionRun run = run(NodeSaturated.cpu(Thresholds.standard()));

  private static DetectionRun run(IncidentRule rule) {
    return DetectionRun.of(DetectionEngine.of(List.of(rule))).sees(cluster(N1));
  }

  private static ClusterSnapshot cluster(Node... nodes) {
    return AWorkload.with(
        new Inventory(
            List.of(nodes), List.of(), List.of(), List.of(), List.of(), List.of(), List.of()));
  }

  private static ClusterSnapshot metrics(SectionStatus status) {
    Map<Section, SectionStatus> sections = new EnumMap<>(cluster(N1).sections());
    sections.put(Section.METRICS, status);
    return new ClusterSnapshot(cluster(N1).info(), sections, cluster(N1).objects());
  }

  /** What node n1 uses, in thousandths of what it has. */
  private static Usage uses(long cpu, long memory) {
    return new Usage(
        1L,
        new Columns(List.of("uid-n1"), List.of(), List.of(cpu), List.of(memory)),
        Columns.EMPTY);
  }

  private void open() {
    run.uses(uses(950, 100)).passMinutes(16);
    assertThat(run.openScopes()).containsExactly("node/n1");
  }

  @Test
  void cpu_opens_after_fifteen_minutes() {
    run.uses(uses(500, 990)).passMinutes(5).uses(uses(910, 990)).passSeconds(899);
    assertThat(run.transitions()).isEmpty();
    run.passSeconds(20);
    assertThat(run.opened().get(0).type().name()).isEqualTo("node_cpu_saturated");
    assertThat(run.opened().get(0).summary()).isEqualTo("Node n1 uses more than 90 % of its CPU");
  }

  @Test
  void memory_opens_after_ten_minutes() {
    DetectionRun memory = run(NodeSaturated.memory(Thresholds.standard()));
    memory.uses(uses(990, 500)).passMinutes(20).uses(uses(990, 960)).passSeconds(599);
    assertThat(memory.transitions()).isEmpty();
    memory.passSeconds(20);
    assertThat(memory.opened().get(0).type().name()).isEqualTo("node_memory_saturated");
    assertThat(memory.opened().get(0).summary())
        .isEqualTo("Node n1 uses more than 95 % of its memory");
  }

  @ParameterizedTest
  @CsvSource({
    "DEV,LOW,LOW",
    "STAGING,LOW,MEDIUM",
    "UNSPECIFIED,LOW,MEDIUM",
    "PRODUCTION,MEDIUM,HIGH"
  })
  void memory_is_worse_than_cpu(Environment environment, Severity cpu, Severity memory) {
    run.in(environment);
    open();
    assertThat(run.opened().get(0).severity()).isEqualTo(cpu);
    DetectionRun other = run(NodeSaturated.memory(Thresholds.standard())).in(environment);
    other.uses(uses(0, 990)).passMinutes(11);
    assertThat(other.opened().get(0).severity()).isEqualTo(memory);
  }

  @ParameterizedTest
  @CsvSource({"900,0", "909,0", "910,1"})
  void more_than_ninety_percent_are_needed(long cpu, int opened) {
    run.uses(uses(cpu, 0)).passMinutes(20);
    assertThat(run.opened()).hasSize(opened);
  }

  @ParameterizedTest
  @CsvSource({"799,1", "800,0", "910,0"})
  void less_than_eighty_percent_resolve(long cpu, int resolved) {
    open();
    run.uses(uses(cpu, 0)).passMinutes(20);
    assertThat(run.resolved()).hasSize(resolved);
  }

  @Test
  void a_peak_does_not_open() {
    for (int i = 0; i < 10; i++) {
      run.uses(uses(990, 0)).passMinutes(14).uses(uses(850, 0)).passMinutes(1);
    }
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void figures_that_move_within_a_level_are_not_evaluated() {
    open();
    int before = run.evaluations();
    for (int i = 0; i < 40; i++) {
      run.uses(uses(i % 2 == 0 ? 990 : 920, 100 + i)).passSeconds(15);
    }
    assertThat(run.evaluations() - before).isLessThan(10);
  }

  @Test
  void without_metrics_nobody_can_tell() {
    open();
    run.sees(metrics(SectionStatus.OFF)).uses(uses(100, 0)).passMinutes(60);
    SectionStatus error = new SectionStatus(SectionStatus.State.ERROR, null, 0, "timeout");
    run.sees(metrics(error)).passMinutes(60);
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void a_node_that_nobody_measured_is_unknown() {
    run.uses(Usage.EMPTY).passMinutes(60);
    assertThat(run.transitions()).isEmpty();
    open();
    run.uses(Usage.EMPTY).passMinutes(60);
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void is_back_after_a_restart_of_the_server() {
    open();
    run.serverStops().passMinutes(1).serverStarts().uses(Usage.EMPTY).passMinutes(10);
    run.uses(uses(100, 0)).passMinutes(1);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @Test
  void a_deleted_node_resolves_as_such() {
    open();
    run.sees(cluster()).passMinutes(2);
    assertThat(run.story()).containsExactly("opened", "resolved object_deleted");
  }

  @Test
  void loads_are_percentages_of_what_is_allocatable() {
    assertThat(NodeLoads.of(uses(500, 1500), cluster(N1)).byUid())
        .isEqualTo(Map.of("uid-n1", new Load(50, 150)));
  }

  @Test
  void a_node_that_does_not_say_what_is_allocatable_has_no_load() {
    Node nothing = NodeOf.named("n1").allocatable(0, -1).build();
    assertThat(NodeLoads.of(uses(500, 500), cluster(nothing)).byUid())
        .isEqualTo(Map.of("uid-n1", new Load(null, null)));
    assertThat(NodeLoads.of(uses(500, 500), cluster(NodeOf.ready("n1")))).isEqualTo(NodeLoads.NONE);
    assertThat(NodeLoads.of(Usage.EMPTY, cluster(N1))).isEqualTo(NodeLoads.NONE);
    assertThat(NodeLoads.of(uses(500, 500), cluster(NodeOf.named("n2").allocatable(9, 9).build())))
        .isEqualTo(NodeLoads.NONE);
  }

  @Test
  void columns_that_are_too_short_give_no_figure() {
    Columns broken = new Columns(List.of("uid-n1"), List.of(), List.of(500L), List.of());
    assertThat(NodeLoads.of(new Usage(1L, broken, Columns.EMPTY), cluster(N1)).byUid())
        .isEqualTo(Map.of("uid-n1", new Load(50, null)));
  }
}
