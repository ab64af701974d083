package cx.niro.server.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.ClusterStatus;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.snapshot.ClusterInfo;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Inventory;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.SectionStatus;
import cx.niro.server.jdbc.JdbcStores;
import cx.niro.server.scenario.FleetFixture.Member;
import cx.niro.server.spi.IncidentRow;
import cx.niro.server.spi.Stores;
import cx.niro.server.testkit.FakeAgent;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Detection through a whole server over an H2 file. */
class DetectionTest {
  /** Its nodes cannot be read, which is an incident after 10 minutes. */
  private static final ClusterSnapshot BLIND =
      new ClusterSnapshot(
          ClusterInfo.EMPTY,
          Map.of(Section.NODES, new SectionStatus(SectionStatus.State.ERROR, null, 0, "forbidden")),
          Inventory.EMPTY);

  @TempDir Path folder;
  private JdbcConnectionPool pool;
  private FleetFixture fleet;
  private Member edge;

  @BeforeEach
  void begins() {
    pool = pool();
    JdbcStores.migrate(pool);
    fleet = new FleetFixture(JdbcStores.over(pool));
    edge = fleet.member("edge");
    edge.agent().sees(BLIND);
  }

  @AfterEach
  void ends() {
    pool.dispose();
  }

  private JdbcConnectionPool pool() {
    return JdbcConnectionPool.create("jdbc:h2:file:" + folder.resolve("niro"), "", "");
  }

  /** The process dies, and another one opens the file after this time. */
  private FakeAgent restart(Duration down) {
    pool.dispose();
    pool = pool();
    Stores reopened = JdbcStores.over(pool);
    fleet.stores = reopened;
    fleet.crashAndRestart(down);
    return fleet.agentAfterRestart(edge.agent());
  }

  private List<String> open() {
    return fleet.openTypes(edge.id()).stream().map(IncidentType::name).toList();
  }

  @Test
  void a_condition_nine_minutes_old_opens_one_minute_after_a_restart() {
    Instant began = fleet.time.instant();
    fleet.beatFor(Duration.ofMinutes(9), edge.agent());
    assertThat(open()).isEmpty();

    FakeAgent agent = restart(Duration.ofSeconds(20));
    fleet.beatFor(Duration.ofSeconds(30), agent);
    assertThat(open()).isEmpty();
    fleet.beatFor(Duration.ofSeconds(60), agent);
    assertThat(open()).containsExactly("inventory_incomplete");
    Instant opened = fleet.open(edge.id()).get(0).began().openedAt();
    assertThat(Duration.between(began, opened))
        .isBetween(Duration.ofMinutes(10), Duration.ofMinutes(11));
  }

  @Test
  void time_without_a_server_does_not_count() {
    fleet.beatFor(Duration.ofMinutes(9), edge.agent());
    FakeAgent agent = restart(Duration.ofHours(1));
    fleet.beatFor(Duration.ofSeconds(45), agent);
    assertThat(open()).isEmpty();
    fleet.beatFor(Duration.ofMinutes(2), agent);
    assertThat(open()).containsExactly("inventory_incomplete");
  }

  @Test
  void what_an_offline_cluster_explains_does_not_count_until_it_is_released() {
    fleet.beatFor(Duration.ofMinutes(11), edge.agent());
    assertThat(fleet.status(edge.id())).isEqualTo(ClusterStatus.WARNING);
    fleet.pass(Duration.ofMinutes(5));
    assertThat(open()).containsExactlyInAnyOrder("cluster_offline", "inventory_incomplete");
    IncidentRow offline = row("cluster_offline");
    assertThat(row("inventory_incomplete").attention().suppressedBy())
        .isEqualTo(offline.what().fingerprint());
    assertThat(offline.attention().isSuppressed()).isFalse();

    FakeAgent agent = restart(Duration.ofSeconds(20));
    fleet.beatFor(Duration.ofMinutes(1), agent);
    assertThat(open()).containsExactly("inventory_incomplete");
    assertThat(fleet.status(edge.id())).isEqualTo(ClusterStatus.HEALTHY);
    fleet.beatFor(Duration.ofMinutes(2), agent);
    assertThat(row("inventory_incomplete").attention().isSuppressed()).isFalse();
    assertThat(fleet.status(edge.id())).isEqualTo(ClusterStatus.WARNING);
  }

  @Test
  void a_cluster_that_flaps_is_marked_while_it_is_offline() {
    for (int i = 0; i < 3; i++) {
      fleet.pass(Duration.ofSeconds(170));
      assertThat(row("cluster_offline").attention().flappingSince() != null).isEqualTo(i == 2);
      edge.agent().beat();
      assertThat(open()).doesNotContain("cluster_offline");
    }
  }

  @Test
  void half_of_the_beats_getting_lost_is_found_without_any_change_of_content() {
    fleet.beatFor(Duration.ofMinutes(20), edge.agent());
    for (int i = 0; i < 100; i++) {
      fleet.pass(Duration.ofSeconds(30));
      edge.agent().beat();
    }
    assertThat(open()).contains("heartbeat_degraded");
  }

  private IncidentRow row(String type) {
    return fleet.open(edge.id()).stream()
        .filter(row -> row.what().type().name().equals(type))
        .findFirst()
        .orElseThrow();
  }
}
