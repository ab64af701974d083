package cx.niro.server.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.incident.IncidentType;
import cx.niro.core.snapshot.ClusterInfo;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Inventory;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.SectionStatus;
import cx.niro.server.memory.MemoryStores;
import cx.niro.server.scenario.FleetFixture.Member;
import cx.niro.server.spi.SessionRow;
import cx.niro.server.testkit.CrashingStores;
import cx.niro.server.testkit.FakeAgent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What detection remembers of a cluster, and nothing else, reaches the store a second later. */
class UnsavedSessionsTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** Its nodes cannot be read, which is an incident after 10 minutes. */
  static final ClusterSnapshot BLIND =
      new ClusterSnapshot(
          ClusterInfo.EMPTY,
          Map.of(Section.NODES, new SectionStatus(SectionStatus.State.ERROR, null, 0, "forbidden")),
          Inventory.EMPTY);

  private final CrashingStores stores = new CrashingStores(MemoryStores.create());
  private final FleetFixture fleet = new FleetFixture(stores);
  private Member edge;

  @BeforeEach
  void begins() {
    edge = fleet.member("edge");
    fleet.pass(FleetFixture.INTERVAL);
  }

  private SessionRow stored() {
    return stores.inTransaction(tx -> tx.sessions().find(edge.id())).orElseThrow();
  }

  private List<String> open() {
    return fleet.openTypes(edge.id()).stream().map(IncidentType::name).toList();
  }

  @Test
  void a_condition_that_begins_costs_the_beat_no_transaction_and_is_stored_within_a_second() {
    SessionRow before = stored();
    int transactions = stores.transactions();
    edge.agent().sees(BLIND).beat();
    assertThat(stores.transactions()).isEqualTo(transactions);

    fleet.pass(SECOND);
    SessionRow after = stored();
    assertThat(after.detectionState()).isNotEqualTo(before.detectionState());
    assertThat(after.version()).isEqualTo(before.version() + 1);
    fleet.pass(SECOND);
    assertThat(stored()).isEqualTo(after);
  }

  @Test
  void what_was_remembered_between_is_part_of_the_next_step_and_not_written_twice() {
    edge.agent().sees(BLIND).beat();
    edge.agent().goodbye("terminated");
    SessionRow after = stored();
    assertThat(after.detectionState()).isNotEmpty();
    assertThat(after.goodbyeAt()).isNotNull();
    fleet.pass(SECOND);
    assertThat(stored().version()).isEqualTo(after.version());
  }

  @Test
  void a_store_that_fails_has_it_later() {
    edge.agent().sees(BLIND).beat();
    stores.crashAfter(0);
    fleet.pass(SECOND);
    stores.heal();
    SessionRow before = stored();
    fleet.pass(SECOND);
    assertThat(stored().version()).isEqualTo(before.version() + 1);
  }

  @Test
  void a_beginning_that_was_lost_with_a_crash_is_told_by_the_first_beat_after_it() {
    edge.agent().sees(BLIND).beat();
    // The content is stored in this second, and what detection made of it is not.
    stores.crashAfter(0);
    fleet.pass(SECOND);
    stores.heal();
    fleet.crashAndRestart(SECOND);
    FakeAgent agent = fleet.agentAfterRestart(edge.agent());

    fleet.beatFor(Duration.ofMinutes(11), agent);
    assertThat(agent.fullBeats()).isZero();
    assertThat(open()).containsExactly("inventory_incomplete");
  }

  @Test
  void a_session_that_another_server_saved_meanwhile_stays() {
    edge.agent().sees(BLIND).beat();
    SessionRow theirs = stored();
    SessionRow next = theirs.afterBeat(theirs.sequence()).inVersion(theirs.version() + 1);
    assertThat(stores.<Boolean>inTransaction(tx -> tx.sessions().save(next))).isTrue();

    fleet.pass(SECOND);
    assertThat(stored()).isEqualTo(next);
    fleet.beatFor(Duration.ofMinutes(11), edge.agent());
    assertThat(open()).containsExactly("inventory_incomplete");
  }

  @Test
  void a_step_after_it_was_stored_collides_with_nothing() {
    edge.agent().sees(BLIND).beat();
    fleet.pass(SECOND);
    int before = stores.transactions();
    edge.agent().goodbye("terminated");
    assertThat(stores.transactions()).isEqualTo(before + 1);
    assertThat(stored().goodbyeAt()).isNotNull();
  }
}
