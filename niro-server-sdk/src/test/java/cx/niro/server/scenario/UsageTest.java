package cx.niro.server.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.incident.IncidentType;
import cx.niro.core.snapshot.ClusterInfo;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Inventory;
import cx.niro.core.snapshot.Node;
import cx.niro.core.snapshot.ObjectMeta;
import cx.niro.core.snapshot.Resources;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.SectionStatus;
import cx.niro.core.snapshot.Usage;
import cx.niro.core.snapshot.Usage.Columns;
import cx.niro.server.scenario.FleetFixture.Member;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Figures travel beside the content, and what follows from them is detected all the same. */
class UsageTest {
  private final FleetFixture fleet = new FleetFixture();
  private final Member edge = fleet.member("edge");

  private static ClusterSnapshot node() {
    Node node =
        new Node(
            ObjectMeta.of("uid-n1", null, "n1", null),
            null,
            List.of(),
            List.of(),
            null,
            null,
            new Resources(1000L, 1000L, null, null),
            null,
            null);
    return new ClusterSnapshot(
        ClusterInfo.EMPTY,
        Map.of(Section.NODES, SectionStatus.COMPLETE, Section.METRICS, SectionStatus.COMPLETE),
        new Inventory(
            List.of(node), List.of(), List.of(), List.of(), List.of(), List.of(), List.of()));
  }

  private static Usage cpu(long millis) {
    Columns nodes = new Columns(List.of("uid-n1"), List.of(), List.of(millis), List.of(1L));
    return new Usage(1L, nodes, Columns.EMPTY);
  }

  private void uses(long millis, Duration span) {
    edge.agent().uses(cpu(millis));
    fleet.beatFor(FleetFixture.INTERVAL, edge.agent());
    edge.agent().uses(null);
    fleet.beatFor(span, edge.agent());
  }

  @Test
  void a_node_that_gets_busy_under_unchanged_content_opens_and_resolves() {
    edge.agent().sees(node());
    uses(500, Duration.ofMinutes(20));
    uses(950, Duration.ofMinutes(14));
    assertThat(fleet.openTypes(edge.id())).isEmpty();

    fleet.beatFor(Duration.ofMinutes(2), edge.agent());
    assertThat(fleet.openTypes(edge.id())).containsExactly(IncidentType.NODE_CPU_SATURATED);

    uses(500, Duration.ofMinutes(1));
    assertThat(fleet.openTypes(edge.id())).isEmpty();
  }

  @Test
  void a_node_that_is_busy_at_first_sight_opens_too() {
    edge.agent().sees(node());
    uses(950, Duration.ofMinutes(16));
    assertThat(fleet.openTypes(edge.id())).containsExactly(IncidentType.NODE_CPU_SATURATED);
  }

  @Test
  void more_room_on_the_node_resolves() {
    edge.agent().sees(node());
    uses(950, Duration.ofMinutes(16));
    Node bigger = node().objects().nodes().get(0);
    Node grown =
        new Node(
            bigger.meta().withHash("2"),
            null,
            List.of(),
            List.of(),
            null,
            null,
            new Resources(4000L, 1000L, null, null),
            null,
            null);
    ClusterSnapshot seen = node();
    edge.agent()
        .sees(
            new ClusterSnapshot(
                seen.info(),
                seen.sections(),
                new Inventory(
                    List.of(grown),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of())));
    fleet.beatFor(Duration.ofMinutes(1), edge.agent());
    assertThat(fleet.openTypes(edge.id())).isEmpty();
  }
}
