package cx.niro.server.scenario;

import static cx.niro.server.scenario.LivenessTest.assertCode;
import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.ClusterId;
import cx.niro.core.ClusterStatus;
import cx.niro.core.Environment;
import cx.niro.core.ErrorCode;
import cx.niro.core.Severity;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.protocol.CommandState;
import cx.niro.core.protocol.PollReply;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.testkit.SnapshotChanges;
import cx.niro.core.testkit.Snapshots;
import cx.niro.server.Channels.ChannelSpec;
import cx.niro.server.ClusterView;
import cx.niro.server.Clusters.ClusterChange;
import cx.niro.server.Clusters.ClusterSpec;
import cx.niro.server.Clusters.NewCluster;
import cx.niro.server.Commands.CommandRequest;
import cx.niro.server.NiroServer;
import cx.niro.server.jdbc.JdbcStores;
import cx.niro.server.scenario.FleetFixture.Member;
import cx.niro.server.scenario.FleetFixture.Replica;
import cx.niro.server.spi.ChannelSelector;
import cx.niro.server.spi.CommandRow;
import cx.niro.server.spi.IncidentFilter;
import cx.niro.server.spi.IncidentRow;
import cx.niro.server.spi.Page;
import cx.niro.server.testkit.FakeAgent;
import cx.niro.server.testkit.RealPostgres;
import cx.niro.server.testkit.WithPostgres;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Servers over one PostgreSQL are equal: what one does, the others know, do not repeat, and go on
 * with.
 */
@WithPostgres
class ReplicasTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final FleetFixture fleet = new FleetFixture(JdbcStores.over(RealPostgres.emptied()));
  private final Replica other = fleet.newReplica(fleet.time);
  private final NiroServer second = other.server();

  @AfterEach
  void end() {
    second.close();
    fleet.server.close();
  }

  private static ClusterView at(NiroServer server, ClusterId id) {
    return server.fleet().cluster(id).orElseThrow();
  }

  private static ClusterSnapshot content(NiroServer server, ClusterId id) {
    return server.fleet().content(id).orElseThrow().snapshot();
  }

  private static List<String> names(NiroServer server) {
    return server.fleet().clusters(Set.of(FleetFixture.ACME)).stream()
        .map(view -> view.cluster().name())
        .toList();
  }

  private void page() {
    Map<String, String> number = Map.of("number", "112");
    ChannelSpec spec = new ChannelSpec("ops", "pager", number, Severity.LOW, ChannelSelector.ALL);
    fleet.server.channels().create(FleetFixture.ACME, spec, "ada");
  }

  @Test
  void a_cancellation_reaches_the_poll_that_is_parked_elsewhere_within_a_second() {
    Member edge = fleet.member("edge");
    CommandRow ping = fleet.server.commands().send(edge.id(), CommandRequest.PING, "ada");
    assertThat(edge.agent().poll().join().commands()).hasSize(1);
    CompletableFuture<PollReply> poll =
        edge.agent().holds(ping.id(), CommandState.RUNNING, 1).poll();

    second.commands().cancel(edge.id(), ping.id(), "ada");
    fleet.pass(SECOND);

    assertThat(poll.join().cancel()).containsExactly(ping.id());
  }

  @Test
  void settings_new_clusters_and_deletions_are_seen_elsewhere_within_a_second() {
    Member edge = fleet.member("edge");
    fleet.pass(SECOND);
    assertThat(names(second)).containsExactly("edge");
    NewCluster made =
        second
            .clusters()
            .create(
                FleetFixture.ACME,
                new ClusterSpec("shop", Environment.UNSPECIFIED, Map.of()),
                "ada");
    second.clusters().update(edge.id(), new ClusterChange("mill", null, null, null, null), "ada");
    fleet.pass(SECOND);
    assertThat(names(fleet.server)).containsExactly("mill", "shop");

    second.clusters().delete(made.id(), "ada");
    fleet.pass(SECOND);
    assertThat(names(fleet.server)).containsExactly("mill");
  }

  @Test
  void what_an_agent_reports_to_one_is_shown_by_the_other() {
    Member edge = fleet.member("edge");
    fleet.pass(SECOND);
    assertThat(at(second, edge.id()).info().capabilities().names()).isEmpty();
    fleet.pass(SECOND.multipliedBy(14));
    edge.agent().granted("apply").beat();
    fleet.pass(SECOND.multipliedBy(2));
    assertThat(at(second, edge.id()).info().capabilities().names()).containsExactly("apply");
    assertThat(at(second, edge.id()).lastHeartbeatAt())
        .isEqualTo(at(fleet.server, edge.id()).lastHeartbeatAt());
  }

  @Test
  void each_change_that_one_stores_is_shown_by_the_other_which_goes_on_from_it() {
    Member edge = fleet.member("edge");
    Snapshots source = Snapshots.seeded(3);
    SnapshotChanges changes = new SnapshotChanges(source);
    ClusterSnapshot seen = source.cluster(2, 12);
    FakeAgent agent = edge.agent();
    for (int i = 0; i < 12; i++) {
      fleet.pass(FleetFixture.INTERVAL);
      agent = agent.copy(i % 4 < 2 ? fleet.server.gateway() : second.gateway()).sendingBodies();
      assertThat(agent.sees(seen).beat().wantsResync()).isFalse();
      fleet.pass(SECOND.multipliedBy(2));
      assertThat(content(fleet.server, edge.id())).isEqualTo(seen);
      assertThat(content(second, edge.id())).isEqualTo(seen);
      seen = changes.after(seen, 3);
    }
    assertThat(fleet.stores.inventory().deltas(edge.id())).hasSizeGreaterThan(8);
  }

  @Test
  void a_cluster_that_one_hears_is_never_silent_for_the_other() {
    Member edge = fleet.member("edge");
    for (int i = 0; i < 40; i++) {
      fleet.beatFor(FleetFixture.INTERVAL, edge.agent());
      assertThat(at(second, edge.id()).status()).isEqualTo(ClusterStatus.HEALTHY);
    }
    assertThat(fleet.kinds(edge.id())).doesNotContain("incident_opened");
  }

  @Test
  void an_agent_whose_beats_go_to_one_and_the_other_in_turn_sends_its_content_once() {
    Member edge = fleet.member("edge");
    FakeAgent agent = edge.agent();
    for (int i = 0; i < 20; i++) {
      fleet.pass(FleetFixture.INTERVAL);
      agent = agent.copy(i % 2 == 0 ? second.gateway() : fleet.server.gateway());
      assertThat(agent.beat().wantsResync()).isFalse();
    }
    assertThat(fleet.openTypes(edge.id())).isEmpty();
    assertThat(at(second, edge.id()).status()).isEqualTo(ClusterStatus.HEALTHY);
  }

  @Test
  void a_new_process_that_was_seen_at_one_just_now_is_the_current_one_for_the_other() {
    Member edge = fleet.member("edge");
    fleet.pass(SECOND);
    assertThat(at(second, edge.id()).status()).isEqualTo(ClusterStatus.HEALTHY);
    edge.agent().restart().beat();
    CompletableFuture<PollReply> poll = edge.agent().copy(second.gateway()).poll();
    assertThat(poll).isNotDone();
  }

  @Test
  void a_beat_that_is_repeated_at_the_other_changes_nothing_twice() {
    Member edge = fleet.member("edge");
    fleet.pass(FleetFixture.INTERVAL);
    edge.agent().restart().granted("apply").beat();
    FakeAgent again = edge.agent().copy(second.gateway());
    again.sendAgain();
    fleet.pass(SECOND.multipliedBy(2));
    assertThat(fleet.kinds(edge.id())).containsOnlyOnce("agent_restarted");
  }

  @Test
  void silence_is_told_once_and_at_its_time_by_whoever_is_left() {
    page();
    Member edge = fleet.member("edge");
    fleet.pass(MINUTE);
    other.kill();
    fleet.pass(MINUTE.multipliedBy(4));
    assertThat(fleet.openTypes(edge.id())).containsExactly(IncidentType.CLUSTER_OFFLINE);
    assertThat(fleet.open(edge.id()).get(0).began().openedAt())
        .isBefore(edge.firstBeat().plusSeconds(150 + 15));
    assertThat(fleet.pager.got).hasSize(1);
  }

  @Test
  void a_silent_cluster_of_a_server_that_died_goes_offline_in_time() {
    page();
    Member edge = fleet.member("edge");
    Member mill = fleet.member("mill");
    FakeAgent away = mill.agent().copy(second.gateway());
    fleet.pass(FleetFixture.INTERVAL);
    away.beat();
    var heardAt = fleet.time.instant();
    fleet.beatFor(MINUTE, edge.agent());
    other.kill();
    fleet.beatFor(MINUTE.multipliedBy(3), edge.agent());
    assertThat(fleet.openTypes(mill.id())).containsExactly(IncidentType.CLUSTER_OFFLINE);
    assertThat(fleet.open(mill.id()).get(0).began().openedAt())
        .isBetween(heardAt.plusSeconds(150), heardAt.plusSeconds(150 + 15));
    assertThat(fleet.openTypes(edge.id())).isEmpty();
    assertThat(fleet.pager.got).hasSize(1);
  }

  @ParameterizedTest(name = "{0} s after it was heard last")
  @ValueSource(ints = {5, 60, 100, 135, 145, 149})
  void silence_is_told_in_time_though_who_heard_it_and_had_all_duties_dies(int seconds) {
    Member edge = fleet.member("edge");
    Instant heardAt = fleet.time.instant();
    fleet.pass(Duration.ofSeconds(seconds));
    fleet.kill();
    fleet.pass(SECOND.multipliedBy(3));
    fleet.newReplica(fleet.time);
    fleet.pass(MINUTE.multipliedBy(4));
    IncidentRow offline =
        second
            .incidents()
            .list(Set.of(edge.id()), IncidentFilter.FIRING, Page.Request.FIRST)
            .items()
            .get(0);
    assertThat(offline.what().type()).isEqualTo(IncidentType.CLUSTER_OFFLINE);
    assertThat(offline.began().openedAt())
        .isBetween(heardAt.plusSeconds(150), heardAt.plusSeconds(150 + 15));
  }

  @Test
  void two_servers_send_a_notification_once_and_another_one_goes_on_when_one_dies() {
    page();
    Member edge = fleet.member("edge");
    fleet.pass(MINUTE.multipliedBy(4));
    assertThat(fleet.pager.got).hasSize(1);
    assertThat(at(second, edge.id()).status()).isEqualTo(ClusterStatus.OFFLINE);

    fleet.kill();
    FakeAgent back = edge.agent().copy(second.gateway());
    back.beat();
    // An end is told five minutes after the message before it, by one server as by two.
    for (int i = 0; i < 20; i++) {
      fleet.pass(FleetFixture.INTERVAL);
      back.beat();
    }
    assertThat(at(second, edge.id()).status()).isEqualTo(ClusterStatus.HEALTHY);
    assertThat(fleet.pager.titles()).hasSize(2);
    assertThat(fleet.pager.titles().get(1)).startsWith("RESOLVED");
  }

  @Test
  void a_server_whose_clock_is_an_hour_ahead_makes_nothing_offline_and_hears_all() {
    Member edge = fleet.member("edge");
    Replica ahead = fleet.newReplica(() -> fleet.time.instant().plus(Duration.ofHours(1)));
    CompletableFuture<PollReply> poll = edge.agent().copy(ahead.server().gateway()).poll();
    CommandRow sent = second.commands().send(edge.id(), CommandRequest.PING, "ada");
    fleet.pass(SECOND);
    assertThat(poll.join().commands()).hasSize(1);
    edge.agent().result(sent.id(), CommandState.SUCCEEDED);
    fleet.beatFor(MINUTE.multipliedBy(5), edge.agent());
    assertThat(at(ahead.server(), edge.id()).status()).isEqualTo(ClusterStatus.HEALTHY);
    assertThat(fleet.kinds(edge.id())).doesNotContain("incident_opened");
    ahead.server().close();
  }

  @Test
  void of_two_exchanges_of_one_token_at_two_servers_one_wins_and_its_repeat_goes_anywhere() {
    String token = fleet.create("edge").enrollment().token();
    String mine = FakeAgent.requestId("mine");
    String first = fleet.server.gateway().enroll(FakeAgent.request(token, mine, null)).agentKey();
    assertCode(
        () -> second.gateway().enroll(FakeAgent.request(token, FakeAgent.requestId("other"), null)),
        ErrorCode.TOKEN_USED);
    String again = second.gateway().enroll(FakeAgent.request(token, mine, null)).agentKey();
    fleet.agent().copy(second.gateway()).withKey(again).beat();
    fleet.pass(SECOND);
    assertCode(() -> fleet.agent().withKey(first).beat(), ErrorCode.KEY_REVOKED);
  }

  @Test
  void a_command_that_nobody_took_ends_at_its_deadline_once_when_its_server_is_gone() {
    Member edge = fleet.member("edge");
    CommandRow ping = second.commands().send(edge.id(), CommandRequest.PING, "ada");
    other.kill();
    fleet.pass(Duration.ofMinutes(70));
    Optional<CommandRow> ended = fleet.server.commands().find(edge.id(), ping.id());
    assertThat(ended.orElseThrow().state()).isEqualTo(CommandState.EXPIRED);
    assertThat(fleet.kinds(edge.id())).containsOnlyOnce("command_finished");
  }
}
