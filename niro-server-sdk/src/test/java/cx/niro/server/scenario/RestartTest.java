package cx.niro.server.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cx.niro.core.ClusterStatus;
import cx.niro.core.ErrorCode;
import cx.niro.core.RetryLaterException;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.protocol.HeartbeatReply;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.testkit.SnapshotChanges;
import cx.niro.core.testkit.Snapshots;
import cx.niro.server.NiroServer;
import cx.niro.server.memory.MemoryStores;
import cx.niro.server.scenario.FleetFixture.Member;
import cx.niro.server.testkit.CrashingStores;
import cx.niro.server.testkit.FakeAgent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RestartTest {
  private final CrashingStores stores = new CrashingStores(MemoryStores.create());
  private final FleetFixture fleet = new FleetFixture(stores);
  private final Snapshots snapshots = Snapshots.seeded(3);
  private final SnapshotChanges changes = new SnapshotChanges(snapshots);

  @Test
  void content_and_beats_go_on_after_a_crash_without_a_full_beat() {
    Member edge = fleet.member("edge");
    ClusterSnapshot snapshot = snapshots.cluster(3, 20);
    edge.agent().sees(snapshot).beat();
    fleet.pass(Duration.ofSeconds(1));

    fleet.crashAndRestart(Duration.ofSeconds(20));
    assertThat(fleet.view(edge.id()).nodes()).isEqualTo(3);
    assertThat(fleet.status(edge.id())).isEqualTo(ClusterStatus.HEALTHY);

    FakeAgent agent = fleet.agentAfterRestart(edge.agent());
    assertThat(agent.beat().wantsResync()).isFalse();
    fleet.pass(FleetFixture.INTERVAL);
    HeartbeatReply delta = agent.sees(changes.after(snapshot, 2)).beat();
    assertThat(delta.wantsResync()).isFalse();
    assertThat(agent.fullBeats()).isZero();
  }

  @Test
  void a_cluster_is_not_known_before_its_content_was_read() {
    Member edge = fleet.member("edge");
    edge.agent().sees(snapshots.cluster(3, 20)).beat();
    fleet.pass(Duration.ofSeconds(1));
    stores.answer(
        "InventoryStore.find",
        () -> {
          throw new RetryLaterException(ErrorCode.OVERLOADED, "away");
        });
    fleet.crashAndRestart(Duration.ofSeconds(20));
    assertThatThrownBy(() -> fleet.view(edge.id())).isInstanceOf(RetryLaterException.class);
    stores.heal();
    assertThat(fleet.view(edge.id()).pods()).isEqualTo(20);
    assertThat(fleet.server.fleet().content(edge.id()).orElseThrow().snapshot().objects().pods())
        .hasSize(20);
  }

  @Test
  void content_that_was_not_written_yet_is_asked_for_again() {
    Member edge = fleet.member("edge");
    fleet.pass(Duration.ofSeconds(1));
    edge.agent().sees(snapshots.cluster(3, 20)).beat();

    fleet.crashAndRestart(Duration.ofSeconds(20));
    FakeAgent agent = fleet.agentAfterRestart(edge.agent());
    assertThat(agent.beat().wantsResync()).isTrue();
    assertThat(agent.beat().wantsResync()).isFalse();
    assertThat(fleet.view(edge.id()).pods()).isEqualTo(20);
  }

  @Test
  void a_fleet_of_100_comes_back_within_2_beats_and_nobody_is_judged() {
    SplittableRandom random = new SplittableRandom(5);
    List<Member> members = new ArrayList<>();
    List<ClusterSnapshot> seen = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Member member = fleet.member("c" + i);
      seen.add(snapshots.cluster(1, 10));
      member.agent().sees(seen.get(i)).beat();
      members.add(member);
    }
    fleet.pass(FleetFixture.INTERVAL);
    beatSome(members, seen, random);
    fleet.heard.clear();

    fleet.crashAndRestart(Duration.ofSeconds(40));
    List<FakeAgent> agents =
        members.stream().map(member -> fleet.agentAfterRestart(member.agent())).toList();
    for (int round = 0; round < 2; round++) {
      agents.forEach(FakeAgent::beat);
      fleet.pass(FleetFixture.INTERVAL);
    }

    assertThat(agents.stream().mapToInt(FakeAgent::fullBeats).sum()).isLessThan(45);
    for (Member member : members) {
      assertThat(fleet.status(member.id())).isEqualTo(ClusterStatus.HEALTHY);
    }
    assertThat(fleet.heard).isEmpty();
  }

  /** All beat, 30 % of them with a change; the crash comes before any of it is written behind. */
  private void beatSome(List<Member> members, List<ClusterSnapshot> seen, SplittableRandom random) {
    for (int i = 0; i < members.size(); i++) {
      FakeAgent agent = members.get(i).agent();
      if (random.nextDouble() < 0.3) {
        agent.sees(changes.after(seen.get(i), 1));
      }
      agent.beat();
    }
  }

  @Test
  void an_incident_that_was_open_before_a_crash_stays_one_incident() {
    Member edge = fleet.member("edge");
    fleet.pass(Duration.ofMinutes(5));
    assertThat(fleet.openTypes(edge.id())).containsExactly(IncidentType.CLUSTER_OFFLINE);
    var before = fleet.open(edge.id());

    fleet.crashAndRestart(Duration.ofMinutes(5));
    fleet.pass(Duration.ofMinutes(10));
    assertThat(fleet.status(edge.id())).isEqualTo(ClusterStatus.OFFLINE);
    assertThat(fleet.open(edge.id()).get(0).id()).isEqualTo(before.get(0).id());

    fleet.agentAfterRestart(edge.agent()).beat();
    assertThat(fleet.openTypes(edge.id())).isEmpty();
  }

  @Test
  void an_unchanged_beat_costs_no_transaction() {
    Member edge = fleet.member("edge");
    edge.agent().sees(snapshots.cluster(3, 60)).beat();
    fleet.pass(FleetFixture.INTERVAL);
    edge.agent().beat();
    fleet.pass(FleetFixture.INTERVAL);

    int before = stores.transactions();
    edge.agent().beat();
    assertThat(stores.transactions()).isEqualTo(before);
  }

  @Test
  void a_quiet_fleet_costs_no_transaction_by_time_but_the_shared_looks() {
    for (int i = 0; i < 50; i++) {
      fleet.member("c" + i);
    }
    fleet.pass(Duration.ofSeconds(10));
    int before = stores.transactions();
    fleet.pass(Duration.ofSeconds(10));
    assertThat(stores.transactions() - before).isLessThanOrEqualTo(21);
  }

  @Test
  void a_beat_repeated_after_a_crash_changes_nothing_twice() {
    Member edge = fleet.member("edge");
    ClusterSnapshot three = snapshots.cluster(3, 0);
    edge.agent().sees(snapshots.cluster(2, 0)).beat();
    fleet.pass(Duration.ofSeconds(1));
    edge.agent().sees(three).beat();
    List<String> before = fleet.kinds(edge.id());

    fleet.crashAndRestart(Duration.ofSeconds(3));
    fleet.agentAfterRestart(edge.agent()).sendAgain();
    assertThat(fleet.kinds(edge.id())).isEqualTo(before);
  }

  @Test
  void two_replicas_that_hear_one_agent_write_each_fact_once() {
    Member edge = fleet.member("edge");
    NiroServer other = fleet.newServer();
    other.start();
    FakeAgent there = edge.agent().copy(other.gateway());
    FakeAgent here = edge.agent();
    for (int i = 0; i < 6; i++) {
      fleet.pass(FleetFixture.INTERVAL);
      ClusterSnapshot next = snapshots.cluster(i + 1, 0);
      here.sees(next);
      there.sees(next);
      (i % 2 == 0 ? here : there).skip().sendAgain();
      (i % 2 == 0 ? there : here).skip();
    }
    long restarts =
        fleet.kinds(edge.id()).stream().filter(kind -> kind.equals("agent_restarted")).count();
    assertThat(restarts).isZero();
    assertThat(other.fleet().cluster(edge.id()).orElseThrow().nodes()).isEqualTo(6);
  }
}
