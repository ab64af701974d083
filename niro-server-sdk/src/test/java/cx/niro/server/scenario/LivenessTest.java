package cx.niro.server.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cx.niro.core.ClusterStatus;
import cx.niro.core.ErrorCode;
import cx.niro.core.NiroException;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.protocol.BeatContent;
import cx.niro.core.protocol.HeartbeatReply;
import cx.niro.server.Clusters.ClusterChange;
import cx.niro.server.memory.MemoryStores;
import cx.niro.server.scenario.FleetFixture.Member;
import cx.niro.server.spi.IncidentFilter;
import cx.niro.server.spi.Page;
import cx.niro.server.testkit.CrashingStores;
import cx.niro.server.testkit.FakeAgent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class LivenessTest {
  private final FleetFixture fleet = new FleetFixture();

  static void assertCode(ThrowingCallable call, ErrorCode code) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(NiroException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void a_cluster_is_pending_until_it_is_enrolled_and_has_beaten() {
    var made = fleet.create("edge");
    assertThat(fleet.status(made.id())).isEqualTo(ClusterStatus.PENDING);

    FakeAgent agent = fleet.agent().enroll(made.enrollment().token());
    assertThat(fleet.status(made.id())).isEqualTo(ClusterStatus.PENDING);

    agent.beat();
    assertThat(fleet.status(made.id())).isEqualTo(ClusterStatus.HEALTHY);
    assertThat(fleet.kinds(made.id())).containsExactly("enrolled", "cluster_created");
  }

  @Test
  void silence_makes_it_unknown_after_65_s_and_offline_after_150_s() {
    Member edge = fleet.member("edge");
    fleet.beatFor(Duration.ofMinutes(2), edge.agent());

    fleet.pass(Duration.ofMillis(64_900));
    assertThat(fleet.status(edge.id())).isEqualTo(ClusterStatus.HEALTHY);
    fleet.pass(Duration.ofMillis(1_200));
    assertThat(fleet.status(edge.id())).isEqualTo(ClusterStatus.UNKNOWN);
    assertThat(fleet.openTypes(edge.id())).isEmpty();

    fleet.pass(Duration.ofSeconds(83));
    assertThat(fleet.status(edge.id())).isEqualTo(ClusterStatus.UNKNOWN);
    fleet.pass(Duration.ofSeconds(3));
    assertThat(fleet.status(edge.id())).isEqualTo(ClusterStatus.OFFLINE);
    assertThat(fleet.openTypes(edge.id())).containsExactly(IncidentType.CLUSTER_OFFLINE);
  }

  @Test
  void a_beat_that_is_sent_again_because_its_answer_was_lost_is_a_sign_of_life() {
    Member edge = fleet.member("edge");
    fleet.pass(Duration.ofSeconds(60));
    edge.agent().sendAgain();
    fleet.pass(Duration.ofSeconds(60));
    assertThat(fleet.status(edge.id())).isEqualTo(ClusterStatus.HEALTHY);
  }

  @Test
  void settings_are_told_with_the_first_answer_and_again_after_twenty_beats_at_most() {
    Member edge = fleet.member("edge");
    List<Integer> told = new ArrayList<>();
    for (int beat = 2; beat <= 41; beat++) {
      fleet.pass(Duration.ofSeconds(15));
      if (edge.agent().beat().settings() != null) {
        told.add(beat);
      }
    }
    assertThat(told).containsExactly(20, 40);

    edge.agent().restart();
    assertThat(edge.agent().beat().settings()).isNotNull();
  }

  @Test
  void the_first_beat_ends_offline_and_resolves_the_incident() {
    Member edge = fleet.member("edge");
    fleet.pass(Duration.ofMinutes(5));
    assertThat(fleet.status(edge.id())).isEqualTo(ClusterStatus.OFFLINE);

    edge.agent().beat();
    fleet.pass(Duration.ZERO);

    assertThat(fleet.status(edge.id())).isEqualTo(ClusterStatus.HEALTHY);
    assertThat(fleet.openTypes(edge.id())).isEmpty();
    assertThat(fleet.kinds(edge.id())).startsWith("incident_resolved", "incident_opened");
    assertThat(fleet.heard)
        .containsExactly(
            "pending→healthy", "healthy→unknown", "unknown→offline", "offline→healthy");
  }

  @Test
  void an_enrolled_cluster_that_never_beats_becomes_unknown_and_not_offline() {
    var made = fleet.create("edge");
    String token = made.enrollment().token();
    fleet.pass(Duration.ofMinutes(10));
    fleet.agent().enroll(token);

    fleet.pass(Duration.ofSeconds(67));
    assertThat(fleet.status(made.id())).isEqualTo(ClusterStatus.UNKNOWN);
    fleet.pass(Duration.ofMinutes(10));
    assertThat(fleet.status(made.id())).isEqualTo(ClusterStatus.UNKNOWN);
  }

  @Test
  void a_pending_cluster_is_never_judged() {
    var made = fleet.create("edge");
    fleet.pass(Duration.ofHours(6));
    assertThat(fleet.status(made.id())).isEqualTo(ClusterStatus.PENDING);
    assertThat(fleet.heard).isEmpty();
  }

  @Test
  void goodbye_makes_it_unknown_at_once_and_the_offline_deadline_still_runs() {
    Member edge = fleet.member("edge");
    fleet.beatFor(Duration.ofMinutes(2), edge.agent());
    edge.agent().goodbye("node drain");
    assertThat(fleet.status(edge.id())).isEqualTo(ClusterStatus.UNKNOWN);
    assertThat(fleet.view(edge.id()).statusReason()).contains("node drain");

    fleet.pass(Duration.ofSeconds(152));
    assertThat(fleet.status(edge.id())).isEqualTo(ClusterStatus.OFFLINE);
  }

  @Test
  void a_beat_takes_a_goodbye_back() {
    Member edge = fleet.member("edge");
    edge.agent().goodbye("restart");
    edge.agent().restart().beat();
    assertThat(fleet.status(edge.id())).isEqualTo(ClusterStatus.HEALTHY);
  }

  @Test
  void own_windows_of_a_cluster_win_over_the_servers() {
    Member edge = fleet.member("edge");
    fleet.beatFor(Duration.ofMinutes(2), edge.agent());
    fleet
        .server
        .clusters()
        .update(edge.id(), new ClusterChange(null, null, null, 600, 1200), "ada");

    fleet.pass(Duration.ofSeconds(590));
    assertThat(fleet.status(edge.id())).isEqualTo(ClusterStatus.HEALTHY);
    fleet.pass(Duration.ofSeconds(11));
    assertThat(fleet.status(edge.id())).isEqualTo(ClusterStatus.UNKNOWN);
  }

  @Test
  void a_server_that_was_away_judges_nobody_before_80_s() {
    Member edge = fleet.member("edge");
    fleet.pass(Duration.ofSeconds(1));
    fleet.crashAndRestart(Duration.ofHours(3));

    assertThat(fleet.status(edge.id())).isEqualTo(ClusterStatus.HEALTHY);
    fleet.pass(Duration.ofSeconds(79));
    assertThat(fleet.status(edge.id())).isEqualTo(ClusterStatus.HEALTHY);
    fleet.pass(Duration.ofSeconds(2));
    assertThat(fleet.status(edge.id())).isEqualTo(ClusterStatus.UNKNOWN);
    fleet.pass(Duration.ofSeconds(66));
    assertThat(fleet.status(edge.id())).isEqualTo(ClusterStatus.UNKNOWN);
    fleet.pass(Duration.ofSeconds(5));
    assertThat(fleet.status(edge.id())).isEqualTo(ClusterStatus.OFFLINE);
  }

  @Test
  void a_wall_clock_that_jumps_makes_nobody_silent() {
    Member edge = fleet.member("edge");
    fleet.beatFor(Duration.ofMinutes(2), edge.agent());
    fleet.time.shiftWallClock(Duration.ofHours(5));
    fleet.pass(Duration.ofSeconds(1));
    assertThat(fleet.status(edge.id())).isEqualTo(ClusterStatus.HEALTHY);
    assertThat(fleet.heard).containsExactly("pending→healthy");
  }

  @Test
  void an_unreadable_beat_is_a_sign_of_life() {
    Member edge = fleet.member("edge");
    for (int i = 0; i < 20; i++) {
      fleet.pass(FleetFixture.INTERVAL);
      fleet
          .server
          .gateway()
          .unreadableHeartbeat(fleet.server.gateway().authenticate(edge.agent().key()));
    }
    assertThat(fleet.status(edge.id())).isEqualTo(ClusterStatus.HEALTHY);
  }

  @Test
  void a_beat_over_the_limit_is_refused_and_still_a_sign_of_life() {
    Member edge = fleet.member("edge");
    for (int i = 0; i < 8; i++) {
      edge.agent().beat();
    }
    fleet.pass(Duration.ofMillis(10));
    assertCode(edge.agent()::beat, ErrorCode.TOO_MANY_REQUESTS);
    assertThat(fleet.view(edge.id()).lastHeartbeatAt()).isEqualTo(fleet.time.instant());

    fleet.pass(Duration.ofMillis(7_500));
    edge.agent().sendAgain();
  }

  /** A rollout must not wait because its cluster changes all the time; but processes write. */
  @Test
  void the_first_beats_of_processes_have_a_limit_of_their_own() {
    FakeAgent agent = fleet.member("edge").agent();
    for (int i = 0; i < 8; i++) {
      agent.beat();
    }
    assertCode(agent::beat, ErrorCode.TOO_MANY_REQUESTS);
    for (int i = 0; i < 7; i++) {
      agent = agent.restart();
      agent.beat();
    }
    assertCode(agent.restart()::beat, ErrorCode.TOO_MANY_REQUESTS);
  }

  @Test
  void an_exact_repeat_gets_the_same_answer_again() {
    Member edge = fleet.member("edge");
    fleet.pass(FleetFixture.INTERVAL);
    HeartbeatReply first = edge.agent().beat();
    fleet.pass(Duration.ofSeconds(3));
    assertThat(edge.agent().sendAgain()).isEqualTo(first);
  }

  @Test
  void a_lower_sequence_is_stale_and_moves_nothing() {
    Member edge = fleet.member("edge");
    fleet.beatFor(Duration.ofMinutes(1), edge.agent());
    var before = fleet.view(edge.id());
    fleet.pass(Duration.ofSeconds(5));
    BeatContent content = edge.agent().content();
    assertCode(() -> edge.agent().send(2, content), ErrorCode.SEQUENCE_STALE);
    assertThat(fleet.view(edge.id())).isEqualTo(before);
  }

  @Test
  void a_superseded_process_is_refused_and_nothing_of_it_is_stored() {
    Member edge = fleet.member("edge");
    FakeAgent old = edge.agent().copy();
    edge.agent().restart().beat();
    var before = fleet.view(edge.id());
    fleet.pass(Duration.ofSeconds(20));

    assertCode(() -> old.granted("pods").beat(), ErrorCode.BOOT_SUPERSEDED);
    assertCode(() -> old.poll(), ErrorCode.BOOT_SUPERSEDED);
    old.goodbye("late");

    assertThat(fleet.view(edge.id())).isEqualTo(before);
    assertThat(fleet.kinds(edge.id())).contains("agent_restarted");
  }

  @Test
  void goodbyes_of_processes_that_nobody_knows_cost_a_few_transactions_and_no_more() {
    CrashingStores stores = new CrashingStores(MemoryStores.create());
    FleetFixture counted = new FleetFixture(stores);
    FakeAgent agent = counted.member("edge").agent();
    int before = stores.calls("CommandStore.open");
    for (int i = 0; i < 100; i++) {
      agent.copy().restart().goodbye("gone");
    }
    counted.time.runDue();
    assertThat(stores.calls("CommandStore.open") - before).isEqualTo(8);
  }

  @Test
  void a_superseded_process_has_its_place_again_when_its_successor_was_silent_for_long_enough() {
    Member edge = fleet.member("edge");
    fleet.beatFor(Duration.ofMinutes(2), edge.agent());
    FakeAgent old = edge.agent().copy();
    edge.agent().restart().beat();
    fleet.pass(Duration.ofSeconds(64));
    assertCode(old::beat, ErrorCode.BOOT_SUPERSEDED);
    fleet.pass(Duration.ofSeconds(1));

    old.beat();

    assertThat(fleet.status(edge.id())).isNotEqualTo(ClusterStatus.OFFLINE);
    assertCode(() -> edge.agent().beat(), ErrorCode.BOOT_SUPERSEDED);
    assertThat(fleet.kinds(edge.id()).stream().filter("agent_restarted"::equals)).hasSize(2);
  }

  @Test
  void a_superseded_process_has_its_place_again_when_its_successor_said_goodbye() {
    Member edge = fleet.member("edge");
    FakeAgent old = edge.agent().copy();
    edge.agent().restart().beat();
    edge.agent().goodbye("cannot start");
    fleet.pass(Duration.ofSeconds(1));

    old.beat();

    assertThat(fleet.status(edge.id())).isEqualTo(ClusterStatus.HEALTHY);
  }

  @Test
  void a_superseded_process_that_goes_on_for_2_min_is_a_duplicate() {
    Member edge = fleet.member("edge");
    FakeAgent old = edge.agent().copy();
    edge.agent().restart().beat();
    for (int i = 0; i < 7; i++) {
      fleet.beatFor(FleetFixture.INTERVAL, edge.agent());
      assertCode(old::beat, ErrorCode.BOOT_SUPERSEDED);
    }
    assertThat(fleet.openTypes(edge.id())).isEmpty();

    fleet.beatFor(FleetFixture.INTERVAL, edge.agent());
    assertCode(old::beat, ErrorCode.BOOT_SUPERSEDED);
    fleet.beatFor(FleetFixture.INTERVAL, edge.agent());
    assertThat(fleet.openTypes(edge.id())).containsExactly(IncidentType.AGENT_DUPLICATE);
  }

  @Test
  void a_rolling_update_is_no_duplicate() {
    Member edge = fleet.member("edge");
    FakeAgent old = edge.agent().copy();
    edge.agent().restart().beat();
    fleet.pass(Duration.ofSeconds(10));
    assertCode(old::beat, ErrorCode.BOOT_SUPERSEDED);
    fleet.beatFor(Duration.ofMinutes(10), edge.agent());
    assertThat(fleet.openTypes(edge.id())).isEmpty();
  }

  private List<IncidentType> everOpened(Member member) {
    Page.Request page = new Page.Request(null, Page.MAX_LIMIT);
    return fleet
        .server
        .incidents()
        .list(Set.of(member.id()), IncidentFilter.ALL, page)
        .items()
        .stream()
        .map(row -> row.what().type())
        .toList();
  }

  @Test
  void a_new_version_that_dies_after_one_beat_is_no_duplicate_of_the_one_that_goes_on() {
    Member edge = fleet.member("edge");
    fleet.beatFor(Duration.ofMinutes(2), edge.agent());
    FakeAgent old = edge.agent().copy();
    for (int broken = 0; broken < 4; broken++) {
      edge.agent().restart().beat();
      for (int i = 0; i < 11; i++) {
        fleet.pass(FleetFixture.INTERVAL);
        boolean current = i >= 4;
        if (current) {
          old.beat();
        } else {
          assertCode(old::beat, ErrorCode.BOOT_SUPERSEDED);
        }
      }
    }
    assertThat(everOpened(edge))
        .doesNotContain(IncidentType.AGENT_DUPLICATE, IncidentType.CLUSTER_OFFLINE);
  }

  @Test
  void beats_that_overtake_each_other_and_come_twice_are_no_duplicate() {
    Member edge = fleet.member("edge");
    for (int i = 0; i < 60; i++) {
      var late = edge.agent().underWay();
      fleet.beatFor(FleetFixture.INTERVAL, edge.agent());
      assertCode(late::get, ErrorCode.SEQUENCE_STALE);
      edge.agent().sendAgain();
      assertCode(late::get, ErrorCode.SEQUENCE_STALE);
    }
    assertThat(everOpened(edge)).doesNotContain(IncidentType.AGENT_DUPLICATE);
  }

  @Test
  void a_proxy_that_delivers_old_beats_for_ten_minutes_makes_no_duplicate() {
    Member edge = fleet.member("edge");
    Queue<Supplier<HeartbeatReply>> kept = new ArrayDeque<>();
    for (int i = 0; i < 40; i++) {
      kept.add(edge.agent().underWay());
      fleet.beatFor(FleetFixture.INTERVAL, edge.agent());
    }
    for (int i = 0; i < 20; i++) {
      fleet.beatFor(FleetFixture.INTERVAL, edge.agent());
      assertCode(kept.remove()::get, ErrorCode.SEQUENCE_STALE);
    }
    edge.agent().restart().beat();
    for (int i = 0; i < 20; i++) {
      fleet.beatFor(FleetFixture.INTERVAL, edge.agent());
      assertCode(kept.remove()::get, ErrorCode.BOOT_SUPERSEDED);
    }
    assertThat(everOpened(edge)).doesNotContain(IncidentType.AGENT_DUPLICATE);
  }

  @Test
  void a_machine_restored_from_its_memory_is_no_duplicate() {
    Member edge = fleet.member("edge");
    FakeAgent restored = edge.agent().copy();
    fleet.beatFor(Duration.ofMinutes(5), edge.agent());
    for (int i = 0; i < 10; i++) {
      fleet.pass(FleetFixture.INTERVAL);
      assertCode(restored::beat, ErrorCode.SEQUENCE_STALE);
      restored.skip();
    }
    fleet.beatFor(Duration.ofMinutes(2), restored);
    assertThat(fleet.openTypes(edge.id())).isEmpty();
  }

  @Test
  void a_clone_with_the_same_boot_id_is_a_duplicate() {
    Member edge = fleet.member("edge");
    fleet.beatFor(Duration.ofMinutes(2), edge.agent());
    FakeAgent clone = edge.agent().copy();
    fleet.beatFor(Duration.ofMinutes(1), edge.agent());
    for (int i = 0; i < 3; i++) {
      assertThat(fleet.openTypes(edge.id())).isEmpty();
      fleet.pass(Duration.ofSeconds(5));
      assertCode(clone::beat, ErrorCode.SEQUENCE_STALE);
      fleet.beatFor(FleetFixture.INTERVAL, edge.agent());
    }
    assertThat(fleet.openTypes(edge.id())).containsExactly(IncidentType.AGENT_DUPLICATE);
  }

  @Test
  void a_key_that_came_to_another_kubernetes_cluster_is_a_duplicate_at_once() {
    var made = fleet.create("edge");
    FakeAgent agent = fleet.agent().enroll(made.enrollment().token(), "uid-of-edge");
    agent.sees(cx.niro.core.testkit.Snapshots.seeded(1).cluster(1, 0)).beat();
    assertThat(fleet.openTypes(made.id())).containsExactly(IncidentType.AGENT_DUPLICATE);
  }

  @Test
  void agents_are_asked_to_come_back_while_nobody_can_tell_which_keys_were_revoked() {
    var stores =
        new cx.niro.server.testkit.CrashingStores(cx.niro.server.memory.MemoryStores.create());
    FleetFixture blind = new FleetFixture(stores);
    Member edge = blind.member("edge");
    blind.pass(Duration.ofSeconds(1));
    stores.crashAfter(0);
    blind.pass(Duration.ofSeconds(4));
    edge.agent().beat();
    blind.pass(Duration.ofSeconds(2));
    assertCode(edge.agent()::beat, ErrorCode.OVERLOADED);
    assertThat(blind.server.isReady()).isFalse();

    stores.heal();
    blind.pass(Duration.ofSeconds(1));
    assertThat(blind.server.isReady()).isTrue();
    edge.agent().sendAgain();
  }

  @Test
  void healthy_since_survives_a_restart_of_the_server() {
    Member edge = fleet.member("edge");
    fleet.pass(Duration.ofMinutes(5));
    edge.agent().beat();
    var since = fleet.view(edge.id()).statusSince();
    fleet.beatFor(Duration.ofMinutes(5), edge.agent());
    assertThat(fleet.view(edge.id()).statusSince()).isEqualTo(since);

    fleet.crashAndRestart(Duration.ofSeconds(10));
    assertThat(fleet.view(edge.id()).statusSince()).isEqualTo(since);
  }
}
