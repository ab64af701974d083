package cx.niro.server.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.ChannelId;
import cx.niro.core.Severity;
import cx.niro.server.Channels.ChannelChange;
import cx.niro.server.Channels.ChannelSpec;
import cx.niro.server.Channels.Counts;
import cx.niro.server.Silences;
import cx.niro.server.memory.MemoryStores;
import cx.niro.server.scenario.FleetFixture.Member;
import cx.niro.server.spi.ChannelSelector;
import cx.niro.server.spi.DeliveryRow;
import cx.niro.server.spi.DeliveryRow.State;
import cx.niro.server.spi.Notice;
import cx.niro.server.spi.Outcome;
import cx.niro.server.spi.Page;
import cx.niro.server.testkit.CrashingStores;
import cx.niro.server.testkit.FakeAgent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NotificationTest {
  private static final Duration UNTIL_OFFLINE = Duration.ofSeconds(151);
  private static final Duration GROUPED = Duration.ofSeconds(35);

  private final FleetFixture fleet = new FleetFixture(new CrashingStores(MemoryStores.create()));
  private final Pager pager = fleet.pager;
  private final Member edge = fleet.member("edge");
  private final ChannelId channel = channel(ChannelSelector.ALL);

  private ChannelId channel(ChannelSelector selector) {
    return fleet
        .server
        .channels()
        .create(
            FleetFixture.ACME,
            new ChannelSpec("ops", "pager", Map.of("number", "112"), Severity.LOW, selector),
            "ada")
        .channel()
        .id();
  }

  private List<DeliveryRow> deliveries(State state) {
    return fleet.server.channels().deliveries(channel, state, Page.Request.FIRST).items();
  }

  private void comesBack() {
    edge.agent().beat();
    fleet.time.runDue();
  }

  @Test
  void an_incident_is_told_once_after_the_group_wait_and_its_end_later() {
    fleet.pass(UNTIL_OFFLINE);
    assertThat(pager.got).isEmpty();
    fleet.pass(GROUPED);
    assertThat(pager.titles()).containsExactly("OPENED edge: " + summary());
    Notice.Incident told = pager.got.get(0).incidents().get(0);
    assertThat(told.change()).isEqualTo(Notice.Change.OPENED);
    assertThat(told.type()).isEqualTo("cluster_offline");
    assertThat(pager.got.get(0).firing()).isEqualTo(1);

    fleet.pass(Duration.ofMinutes(10));
    comesBack();
    fleet.beatFor(Duration.ofMinutes(1), edge.agent());
    assertThat(pager.titles()).hasSize(2);
    assertThat(pager.titles().get(1)).startsWith("RESOLVED Resolved: edge: ");
    assertThat(pager.got.get(1).group()).isEqualTo(pager.got.get(0).group());
    assertThat(pager.got.get(1).firing()).isZero();
    assertThat(fleet.server.channels().counts()).isEqualTo(new Counts(2, 0, 0));
  }

  private String summary() {
    return fleet.open(edge.id()).get(0).telling().summary();
  }

  @Test
  void many_messages_to_one_channel_follow_each_other_at_once() {
    FakeAgent[] agents =
        IntStream.range(0, 20)
            .mapToObj(i -> fleet.member("site-" + i).agent().sees(UnsavedSessionsTest.BLIND))
            .toArray(FakeAgent[]::new);
    fleet.beatFor(Duration.ofSeconds(10 * 60 + 15), agents);
    pager.got.clear();
    fleet.pass(Duration.ofSeconds(32));
    assertThat(pager.got).hasSize(20);
  }

  @Test
  void a_look_that_read_before_a_message_was_sent_does_not_send_it_again() {
    CrashingStores stores = new CrashingStores(MemoryStores.create());
    FleetFixture own = new FleetFixture(stores);
    own.server
        .channels()
        .create(
            FleetFixture.ACME,
            new ChannelSpec(
                "ops", "pager", Map.of("number", "112"), Severity.LOW, ChannelSelector.ALL),
            "ada");
    own.member("edge");
    own.pager.whenSent =
        () -> {
          List<DeliveryRow> before =
              stores.inTransaction(tx -> tx.notifications().deliveries().heads(10));
          stores.answer("DeliveryStore.heads", () -> before);
        };
    own.pass(UNTIL_OFFLINE.plus(GROUPED));
    own.pass(Duration.ofMinutes(1));
    assertThat(own.pager.got).hasSize(1);
    assertThat(own.server.channels().counts()).isEqualTo(new Counts(1, 0, 0));
  }

  @Test
  void what_is_over_before_the_group_wait_is_not_told_at_all() {
    fleet.pass(UNTIL_OFFLINE);
    fleet.pass(Duration.ofSeconds(10));
    comesBack();
    fleet.beatFor(Duration.ofMinutes(20), edge.agent());
    assertThat(pager.got).isEmpty();
  }

  @Test
  void an_end_soon_after_the_message_waits_for_the_group_interval() {
    fleet.pass(UNTIL_OFFLINE);
    fleet.pass(GROUPED);
    comesBack();
    fleet.beatFor(Duration.ofMinutes(4), edge.agent());
    assertThat(pager.got).hasSize(1);
    fleet.beatFor(Duration.ofMinutes(2), edge.agent());
    assertThat(pager.got).hasSize(2);
  }

  @Test
  void what_still_fires_is_repeated_every_4_hours() {
    fleet.pass(Duration.ofHours(9));
    assertThat(pager.got.stream().map(Notice::event))
        .containsExactly(Notice.Event.OPENED, Notice.Event.REPEATED, Notice.Event.REPEATED);
    assertThat(pager.titles().get(1)).startsWith("REPEATED Still firing: edge: ");
  }

  @Test
  void channels_tell_only_what_they_select() {
    fleet.server.channels().delete(channel, "ada");
    channel(new ChannelSelector(Set.of(), Set.of(), Map.of(), Set.of("node_not_ready")));
    fleet.pass(Duration.ofHours(1));
    assertThat(pager.got).isEmpty();
  }

  @Test
  void a_disabled_channel_tells_nothing() {
    fleet.server.channels().update(channel, new ChannelChange(null, null, null, null, false), "a");
    fleet.pass(Duration.ofHours(1));
    assertThat(pager.got).isEmpty();
  }

  @Test
  void a_message_that_fails_is_tried_again_later_and_later_under_one_id() {
    pager.answer = Outcome.retry("the target answered 500", null);
    fleet.pass(UNTIL_OFFLINE);
    fleet.pass(Duration.ofMinutes(10));
    int tries = pager.got.size();
    assertThat(tries).isBetween(5, 9);
    assertThat(Set.copyOf(pager.ids())).hasSize(1);
    assertThat(deliveries(State.PENDING).get(0).progress().lastError())
        .isEqualTo("the target answered 500");

    pager.answer = Outcome.sent();
    fleet.pass(Duration.ofMinutes(16));
    assertThat(pager.got).hasSize(tries + 1);
    assertThat(deliveries(State.SENT)).hasSize(1);
    assertThat(deliveries(State.PENDING)).isEmpty();
  }

  @Test
  void a_target_that_asks_for_time_gets_it() {
    pager.answer = Outcome.retry("the target answered 429", Duration.ofMinutes(30));
    fleet.pass(UNTIL_OFFLINE);
    fleet.pass(Duration.ofMinutes(29));
    assertThat(pager.got).hasSize(1);
    fleet.pass(Duration.ofMinutes(3));
    assertThat(pager.got).hasSize(2);
  }

  @Test
  void a_message_that_nobody_takes_is_dead_after_a_day_and_can_be_sent_again() {
    pager.answer = Outcome.retry("no answer within 10 s", null);
    fleet.pass(Duration.ofHours(25));
    List<DeliveryRow> dead = deliveries(State.DEAD);
    assertThat(dead).hasSize(1);
    assertThat(fleet.server.channels().counts().dead()).isEqualTo(1);

    pager.answer = Outcome.sent();
    fleet.server.channels().retry(channel, dead.get(0).id());
    fleet.pass(Duration.ofMinutes(16));
    assertThat(pager.ids().get(pager.ids().size() - 1)).isNotEmpty();
    assertThat(deliveries(State.SENT).stream().map(DeliveryRow::id)).contains(dead.get(0).id());
  }

  @Test
  void no_end_is_told_of_what_never_arrived() {
    pager.answer = Outcome.refused("the target answered 404");
    fleet.pass(UNTIL_OFFLINE);
    fleet.pass(GROUPED);
    assertThat(deliveries(State.DEAD)).hasSize(1);
    pager.answer = Outcome.sent();
    comesBack();
    fleet.beatFor(Duration.ofMinutes(20), edge.agent());
    assertThat(pager.got).hasSize(1);
  }

  @Test
  void what_was_told_of_a_cluster_is_ended_when_it_is_deleted() {
    fleet.pass(UNTIL_OFFLINE);
    fleet.pass(GROUPED);
    fleet.pass(Duration.ofMinutes(10));
    fleet.server.clusters().delete(edge.id(), "ada");
    fleet.pass(Duration.ofMinutes(1));
    Notice end = pager.got.get(1);
    assertThat(end.event()).isEqualTo(Notice.Event.RESOLVED);
    assertThat(end.incidents().get(0).resolution()).isEqualTo("deleted");
  }

  @Test
  void a_restart_goes_on_with_the_same_message() {
    pager.answer = Outcome.retry("the connection failed", null);
    fleet.pass(UNTIL_OFFLINE);
    fleet.pass(GROUPED);
    assertThat(pager.got).isNotEmpty();
    fleet.crashAndRestart(Duration.ofMinutes(1));
    pager.answer = Outcome.sent();
    fleet.pass(Duration.ofMinutes(2));
    assertThat(Set.copyOf(pager.ids())).hasSize(1);
    assertThat(deliveries(State.SENT)).hasSize(1);
  }

  @Test
  void a_restart_before_the_group_wait_loses_nothing() {
    fleet.pass(UNTIL_OFFLINE);
    fleet.crashAndRestart(Duration.ofMinutes(1));
    fleet.pass(Duration.ofSeconds(40));
    assertThat(pager.titles()).hasSize(1);
  }

  @Test
  void a_message_that_was_sent_but_not_written_down_comes_again_under_its_id() {
    CrashingStores stores = (CrashingStores) fleet.stores;
    pager.whenSent = () -> stores.crashAfter(0);
    fleet.pass(UNTIL_OFFLINE);
    fleet.pass(GROUPED);
    assertThat(pager.got).hasSize(1);

    stores.heal();
    pager.whenSent = () -> {};
    fleet.crashAndRestart(Duration.ofSeconds(20));
    fleet.pass(Duration.ofMinutes(1));
    assertThat(pager.got).hasSize(2);
    assertThat(Set.copyOf(pager.ids())).hasSize(1);
    assertThat(deliveries(State.SENT)).hasSize(1);
  }

  @Test
  void many_clusters_of_one_channel_are_told_one_message_each() {
    for (int i = 0; i < 18; i++) {
      fleet.member("c" + i);
    }
    fleet.pass(UNTIL_OFFLINE);
    fleet.pass(Duration.ofMinutes(2));
    assertThat(pager.got).hasSize(19);
  }

  @Test
  void clusters_that_go_silent_together_are_told_as_one_message() {
    for (int i = 0; i < 19; i++) {
      fleet.member("c" + i);
    }
    fleet.pass(UNTIL_OFFLINE);
    fleet.pass(Duration.ofMinutes(2));
    assertThat(pager.got).hasSize(1);
    assertThat(pager.titles().get(0)).contains("20 incidents in 20 clusters");
  }

  @Test
  void a_silence_holds_back_what_it_covers_until_it_is_ended() {
    ChannelSelector offline =
        new ChannelSelector(Set.of(), Set.of(), Map.of(), Set.of("cluster_offline"));
    Silences.Period hour = new Silences.Period(null, null, Duration.ofHours(1));
    Silences.View silence =
        fleet
            .server
            .silences()
            .add(FleetFixture.ACME, new Silences.Spec(offline, null, hour, "moving"), "ada");
    fleet.pass(UNTIL_OFFLINE);
    fleet.pass(Duration.ofMinutes(5));
    assertThat(pager.got).isEmpty();
    fleet.server.silences().end(silence.silence().id(), "ada");
    fleet.pass(Duration.ofMinutes(2));
    assertThat(pager.got).hasSize(1);
  }

  @Test
  void a_silence_that_is_over_holds_nothing_back() {
    ChannelSelector offline =
        new ChannelSelector(Set.of(), Set.of(), Map.of(), Set.of("cluster_offline"));
    Silences.Period hour = new Silences.Period(null, null, Duration.ofHours(1));
    fleet
        .server
        .silences()
        .add(FleetFixture.ACME, new Silences.Spec(offline, null, hour, "moving"), "ada");
    fleet.pass(UNTIL_OFFLINE);
    assertThat(pager.got).isEmpty();
    fleet.pass(Duration.ofHours(1));
    assertThat(pager.got).hasSize(1);
  }

  @Test
  void a_test_is_sent_at_once() {
    assertThat(fleet.server.channels().test(channel)).isEqualTo(Outcome.sent());
    assertThat(pager.titles()).containsExactly("TEST This is a test of the channel ops");
  }
}
