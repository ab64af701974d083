package cx.niro.agent.internal;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.agent.AgentListener.BeatForm;
import cx.niro.agent.AgentListener.BeatReport;
import cx.niro.agent.spi.InventorySource;
import cx.niro.agent.spi.Observation;
import cx.niro.agent.testkit.Trouble;
import cx.niro.core.ErrorCode;
import cx.niro.core.protocol.AgentSettings;
import cx.niro.core.protocol.Heartbeat;
import cx.niro.core.protocol.Protocol;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.SectionStatus.State;
import cx.niro.core.snapshot.Usage;
import cx.niro.core.snapshot.Usage.Columns;
import cx.niro.core.testkit.SnapshotChanges;
import cx.niro.core.testkit.Snapshots;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class HeartbeatTest {
  private final StepAgent step = new StepAgent();

  @Test
  void the_first_beat_is_full_and_an_unchanged_cluster_only_repeats_its_revision() {
    step.start();
    step.seconds(60);

    assertThat(step.reports).hasSizeBetween(4, 5);
    assertThat(step.reports).extracting(BeatReport::form).first().isEqualTo(BeatForm.FULL);
    assertThat(step.reports.subList(1, 4))
        .extracting(BeatReport::form)
        .containsOnly(BeatForm.UNCHANGED);
    assertThat(step.beats()).extracting(beat -> beat.content().revision()).containsOnly(1L);
  }

  @Test
  void an_unchanged_beat_of_3_nodes_and_60_pods_has_under_200_bytes() {
    step.start();
    step.seconds(40);

    BeatReport unchanged = step.reports.get(step.reports.size() - 1);
    assertThat(unchanged.form()).isEqualTo(BeatForm.UNCHANGED);
    assertThat(unchanged.bodyBytes()).isLessThan(200);
  }

  @Test
  void a_change_travels_as_a_delta_and_the_server_ends_up_with_the_same_content() {
    step.start();
    SnapshotChanges changes = new SnapshotChanges(Snapshots.seeded(5));
    for (int i = 0; i < 50; i++) {
      step.content = changes.after(step.content, 2);
      step.seconds(17);
    }

    assertThat(step.reports).extracting(BeatReport::form).contains(BeatForm.DELTA);
    assertThat(step.reports.subList(1, 50))
        .extracting(BeatReport::form)
        .doesNotContain(BeatForm.FULL);
    step.seconds(17);
    ClusterSnapshot server = step.cluster.snapshot();
    assertThat(server.objects().pods())
        .containsExactlyInAnyOrderElementsOf(step.content.objects().pods());
    assertThat(server.sections()).isEqualTo(step.content.sections());
  }

  @Test
  void a_resync_is_answered_with_a_full_beat() {
    step.start();
    step.cluster.wantResync();
    step.seconds(34);

    assertThat(step.reports)
        .extracting(BeatReport::form)
        .containsExactly(BeatForm.FULL, BeatForm.UNCHANGED, BeatForm.FULL);
  }

  @Test
  void after_a_lost_answer_to_a_delta_the_same_beat_is_sent_again_and_nothing_is_lost() {
    step.start();
    step.content = new SnapshotChanges(Snapshots.seeded(5)).after(step.content, 5);
    step.server.next(Protocol.HEARTBEAT, Trouble.loseAnswer());
    step.seconds(22);

    List<Transport.Call> calls = step.transport.calls(Protocol.HEARTBEAT);
    assertThat(calls).hasSize(3);
    assertThat(calls.get(2).body()).isEqualTo(calls.get(1).body());
    assertThat(step.beats()).hasSize(2);
    assertThat(step.reports).extracting(BeatReport::resyncAsked).containsOnly(false);
  }

  @Test
  void a_failed_beat_is_sent_again_once_after_2_to_4_seconds_and_then_waits_longer() {
    step.start();
    for (int i = 0; i < 8; i++) {
      step.server.next(Protocol.HEARTBEAT, Trouble.loseRequest());
    }
    step.seconds(17);
    assertThat(step.transport.calls(Protocol.HEARTBEAT)).hasSize(2);
    step.after(Duration.ofMillis(4_000));
    List<Transport.Call> calls = step.transport.calls(Protocol.HEARTBEAT);
    assertThat(calls).hasSizeBetween(3, 4);
    assertThat(calls.get(2).body()).as("the same beat").isEqualTo(calls.get(1).body());

    step.after(Duration.ofMinutes(10));

    assertThat(step.heard).containsExactly("enrolled cluster-1");
    assertThat(step.reports.size()).isGreaterThan(10);
    assertThat(step.lastBeat().sequence()).isGreaterThan(step.beats().size());
  }

  @Test
  void what_the_server_asks_for_with_retry_after_is_kept_with_up_to_as_much_again() {
    step.start();
    step.server.next(Protocol.HEARTBEAT, Trouble.refuse(ErrorCode.OVERLOADED, 40));
    step.seconds(17);
    int calls = step.transport.calls(Protocol.HEARTBEAT).size();

    step.seconds(39);
    assertThat(step.transport.calls(Protocol.HEARTBEAT)).hasSize(calls);
    step.seconds(32);
    assertThat(step.transport.calls(Protocol.HEARTBEAT).size()).isGreaterThan(calls);
  }

  @Test
  void the_401_of_a_proxy_says_nothing_about_the_key() {
    step.start();
    step.server.next(Protocol.HEARTBEAT, Trouble.refuse(ErrorCode.NOT_AUTHENTICATED));
    step.seconds(22);

    assertThat(step.beats()).hasSize(2);
    assertThat(step.heard).containsExactly("enrolled cluster-1");
  }

  @Test
  void no_two_intervals_are_alike_and_none_is_more_than_a_tenth_off() {
    step.start();
    step.after(Duration.ofMinutes(10));

    List<Long> sent = step.beats().stream().map(beat -> beat.timing().sentAt()).toList();
    List<Long> gaps = new ArrayList<>();
    for (int i = 1; i < sent.size(); i++) {
      gaps.add(sent.get(i) - sent.get(i - 1));
    }
    assertThat(gaps).allSatisfy(gap -> assertThat(gap).isBetween(13_500L, 16_500L));
    assertThat(gaps.stream().distinct().count()).isGreaterThan(gaps.size() / 2);
  }

  @Test
  void the_server_sets_the_interval_and_the_moment_of_the_next_beat() {
    step.cluster.settings(new AgentSettings(60_000L, null, null));
    step.cluster.notBeforeMillis(90_000L);
    step.start();
    step.seconds(89);
    assertThat(step.beats()).hasSize(1);
    step.cluster.notBeforeMillis(null);
    step.seconds(2);
    assertThat(step.beats()).hasSize(2);
    step.seconds(67);
    assertThat(step.beats()).hasSize(3);
  }

  @Test
  void a_superseded_agent_slows_down_takes_no_commands_and_reports_what_it_holds() {
    AgentRuntime old = step.start();
    AgentRuntime newer = new AgentRuntime(step.options().build(), step.resources, step.transport);
    newer.start();
    step.seconds(17);
    assertThat(step.heard).contains("superseded");
    int polls = step.transport.calls(Protocol.POLL).size();
    int beats = step.transport.calls(Protocol.HEARTBEAT).size();
    newer.abandon();

    step.seconds(59);
    assertThat(step.transport.calls(Protocol.HEARTBEAT)).hasSize(beats);
    step.after(Duration.ofMinutes(10));

    assertThat(step.transport.calls(Protocol.HEARTBEAT).size() - beats).isBetween(6, 10);
    assertThat(step.transport.calls(Protocol.POLL).size() - polls).isLessThanOrEqualTo(1);
    assertThat(step.heard).containsOnlyOnce("superseded");
    old.abandon();
  }

  @Test
  void an_agent_restored_to_an_older_memory_catches_up_with_its_own_sequence() {
    step.start();
    for (int i = 0; i < 3; i++) {
      step.server.next(Protocol.HEARTBEAT, Trouble.refuse(ErrorCode.SEQUENCE_STALE));
    }
    step.after(Duration.ofSeconds(80));

    assertThat(step.lastBeat().sequence()).isGreaterThan(8 + 16 + 32);
    assertThat(step.beats().size()).isGreaterThan(1);
  }

  @Test
  void a_refused_beat_is_followed_by_ever_smaller_ones_that_say_what_is_missing() {
    step.content = new SnapshotChanges(Snapshots.seeded(5)).after(step.content, 30);
    step.server.next(Protocol.ENROLL, Trouble.loseRequest());
    for (int i = 0; i < 3; i++) {
      step.server.next(Protocol.HEARTBEAT, Trouble.refuse(ErrorCode.BODY_TOO_LARGE));
    }
    step.start();
    step.seconds(60);

    ClusterSnapshot kept = step.cluster.snapshot();
    assertThat(kept.objects().pods()).isEmpty();
    assertThat(kept.objects().events()).isEmpty();
    assertThat(kept.objects().nodes()).isNotEmpty();
    assertThat(kept.section(Section.PODS).state()).isEqualTo(State.PARTIAL);
    assertThat(kept.section(Section.PODS).dropped())
        .isEqualTo(step.content.objects().pods().size());
    assertThat(kept.section(Section.METRICS).state()).isEqualTo(State.PARTIAL);

    step.after(Duration.ofMinutes(15));
    assertThat(step.cluster.snapshot().objects().pods()).as("whole again later").isNotEmpty();
  }

  @Test
  void when_collecting_fails_the_last_content_goes_on_and_its_sections_say_error() {
    boolean[] broken = {false};
    step.start(
        step.options()
            .inventory(
                () -> {
                  if (broken[0]) {
                    throw new IllegalStateException("no API server");
                  }
                  return Observation.of(step.content);
                }));
    broken[0] = true;
    step.seconds(17);

    assertThat(step.beats()).hasSize(2);
    assertThat(step.cluster.snapshot().section(Section.PODS).state()).isEqualTo(State.ERROR);
    assertThat(step.cluster.snapshot().objects().pods()).hasSize(60);

    broken[0] = false;
    step.seconds(17);
    assertThat(step.cluster.snapshot().section(Section.PODS).state()).isEqualTo(State.COMPLETE);
  }

  @Test
  void usage_is_sent_only_where_it_moved_noticeably_and_again_until_it_is_heard() {
    AtomicReference<Usage> usage = new AtomicReference<>(usage(100, 200, 400));
    step.start(step.options().inventory(() -> new Observation(step.content, usage.get())));
    assertThat(nodes(step.lastBeat())).containsExactly("a", "b", "c");

    usage.set(usage(109, 209, 420));
    step.server.next(Protocol.HEARTBEAT, Trouble.refuse(ErrorCode.OVERLOADED, 1));
    step.seconds(19);
    assertThat(nodes(step.lastBeat())).as("9 is not 10; 20 is 5 % of 400").containsExactly("c");

    step.seconds(17);
    assertThat(step.lastBeat().usage()).isNull();
  }

  @Test
  void a_change_hook_sends_the_next_beat_soon_but_not_within_half_an_interval() {
    AtomicReference<Runnable> soon = new AtomicReference<>();
    step.start(
        step.options()
            .inventory(
                new InventorySource() {
                  @Override
                  public Observation collect() {
                    return Observation.of(step.content);
                  }

                  @Override
                  public void onChange(Runnable beatSoon) {
                    soon.set(beatSoon);
                  }
                }));
    soon.get().run();
    step.after(Duration.ofMillis(7_400));
    assertThat(step.beats()).hasSize(1);
    step.after(Duration.ofMillis(200));
    assertThat(step.beats()).hasSize(2);

    step.seconds(10);
    soon.get().run();
    step.time.runDue();
    assertThat(step.beats()).hasSize(3);
  }

  @Test
  void a_listener_that_throws_does_not_stop_the_beats() {
    step.start(
        step.options()
            .listener(
                new cx.niro.agent.AgentListener() {
                  @Override
                  public void beatAccepted(BeatReport report) {
                    throw new IllegalStateException("listener");
                  }
                }));
    step.seconds(60);

    assertThat(step.beats().size()).isGreaterThan(3);
  }

  @Test
  void the_watchdog_starts_the_client_afresh_after_three_silent_intervals() {
    step.start();
    step.transport.blackHole = true;
    step.seconds(40);
    assertThat(step.transport.rebuilds).isZero();

    step.after(Duration.ofSeconds(120));

    assertThat(step.transport.rebuilds).isEqualTo(1);
    assertThat(step.beats().size()).as("the fresh client gets through").isGreaterThan(1);
  }

  @Test
  void every_beat_tells_the_clocks_of_the_agent() {
    step.start();
    step.seconds(17);

    Heartbeat beat = step.lastBeat();
    assertThat(beat.timing().uptimeMillis()).isBetween(13_000L, 17_000L);
    assertThat(beat.timing().intervalMillis()).as("the usual one goes without saying").isNull();
    assertThat(beat.timing().lastRoundTripMillis()).isNotNull();
    assertThat(step.beats()).extracting(Heartbeat::sequence).containsExactly(1L, 2L);
  }

  private static Usage usage(long first, long second, long third) {
    List<Long> memory = List.of(1L << 30, 1L << 30, 1L << 30);
    return new Usage(
        1L,
        new Columns(List.of("a", "b", "c"), List.of(), List.of(first, second, third), memory),
        Columns.EMPTY);
  }

  private static List<String> nodes(Heartbeat beat) {
    return beat.usage() == null ? List.of() : beat.usage().nodes().uids();
  }
}
