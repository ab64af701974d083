package cx.niro.agent.internal;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.agent.spi.StoredKeys;
import cx.niro.core.protocol.AgentSettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Back-off, pacing and key steps with literals. */
class PureDecisionsTest {

  @Test
  void the_back_off_is_drawn_from_1_second_to_a_ceiling_that_doubles_to_60() {
    assertThat(BackOff.wait(1, null, 0)).isEqualTo(Duration.ofSeconds(1));
    assertThat(BackOff.wait(1, null, 1)).isEqualTo(Duration.ofSeconds(2));
    assertThat(BackOff.wait(3, null, 0.5)).isEqualTo(Duration.ofMillis(4_500));
    assertThat(BackOff.wait(6, null, 1)).isEqualTo(Duration.ofSeconds(60));
    assertThat(BackOff.wait(1_000, null, 1)).isEqualTo(Duration.ofSeconds(60));
    assertThat(BackOff.wait(1_000, null, 0)).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void retry_after_is_kept_and_spread_by_as_much_again_up_to_30_seconds() {
    assertThat(BackOff.wait(1, Duration.ofSeconds(5), 0)).isEqualTo(Duration.ofSeconds(5));
    assertThat(BackOff.wait(1, Duration.ofSeconds(5), 1)).isEqualTo(Duration.ofSeconds(10));
    assertThat(BackOff.wait(9, Duration.ofSeconds(120), 1)).isEqualTo(Duration.ofSeconds(150));
    assertThat(BackOff.wait(1, Duration.ofDays(9), 0)).isEqualTo(BackOff.REFUSED);
  }

  @Test
  void a_beat_is_sent_again_after_2_to_4_seconds() {
    assertThat(BackOff.resend(0)).isEqualTo(Duration.ofSeconds(2));
    assertThat(BackOff.resend(1)).isEqualTo(Duration.ofSeconds(4));
  }

  @Test
  void the_next_beat_keeps_to_its_slot_unless_the_server_wants_it_later() {
    Pacing pacing = Pacing.DEFAULT;
    Duration none = Duration.ZERO;
    assertThat(pacing.nextBeat(0, none, null)).isEqualTo(Duration.ofMillis(13_500));
    assertThat(pacing.nextBeat(1, none, null)).isEqualTo(Duration.ofMillis(16_500));
    assertThat(pacing.nextBeat(0.5, Duration.ofSeconds(4), null)).isEqualTo(Duration.ofSeconds(11));
    assertThat(pacing.nextBeat(0.5, Duration.ofSeconds(40), null)).isZero();
    assertThat(pacing.nextBeat(0.5, none, Duration.ofSeconds(30)))
        .isEqualTo(Duration.ofSeconds(30));
    assertThat(pacing.nextBeat(0.5, none, Duration.ofSeconds(3))).isEqualTo(Duration.ofSeconds(15));
  }

  @Test
  void no_server_can_make_an_agent_spin_or_sleep_for_ever() {
    Pacing hurried = Pacing.DEFAULT.with(new AgentSettings(0L, 0, -5));
    assertThat(hurried).isEqualTo(new Pacing(Duration.ofSeconds(1), Duration.ofSeconds(1), 0));
    Pacing lazy = Pacing.DEFAULT.with(new AgentSettings(Long.MAX_VALUE, 9_999, 9_999));
    assertThat(lazy).isEqualTo(new Pacing(Duration.ofMinutes(15), Duration.ofSeconds(55), 64));
    assertThat(Pacing.DEFAULT.with(null)).isEqualTo(Pacing.DEFAULT);
    assertThat(Pacing.DEFAULT.nextBeat(0, Duration.ZERO, Duration.ofDays(365)))
        .isEqualTo(Duration.ofMinutes(15));
  }

  @Test
  void the_watchdog_waits_for_three_intervals() {
    Duration interval = Duration.ofSeconds(15);
    long now = Duration.ofSeconds(100).toNanos();
    assertThat(Exchanges.silentTooLong(now - Duration.ofSeconds(44).toNanos(), now, interval))
        .isFalse();
    assertThat(Exchanges.silentTooLong(now - Duration.ofSeconds(45).toNanos(), now, interval))
        .isTrue();
  }

  @Test
  void every_step_of_a_key_leaves_one_that_works_or_an_exchange_to_repeat() {
    StoredKeys fresh = KeySteps.enrolling(StoredKeys.EMPTY, "t1", "r1");
    assertThat(KeySteps.start(fresh, "t1")).isEqualTo(KeySteps.Start.REPEAT_ENROLLMENT);
    StoredKeys received = KeySteps.received(fresh, "k1", null);
    assertThat(KeySteps.start(received, "t1")).isEqualTo(KeySteps.Start.REPORT);
    assertThat(KeySteps.canRepeatEnrollment(received, "t1")).isTrue();
    StoredKeys worked = KeySteps.worked(received, "k1");
    assertThat(worked).isEqualTo(new StoredKeys(null, "t1", "k1", null, null, null));

    StoredKeys rotating = KeySteps.rotating(worked, "r2");
    assertThat(KeySteps.usable(rotating)).containsExactly("k1");
    assertThat(KeySteps.rotating(rotating, "r3").requestId()).isEqualTo("r2");
    StoredKeys offered = KeySteps.received(rotating, "k2", null);
    assertThat(KeySteps.usable(offered)).containsExactly("k2", "k1");
    assertThat(KeySteps.worked(offered, "k2"))
        .isEqualTo(new StoredKeys(null, "t1", "k2", "k1", null, null));

    StoredKeys again = KeySteps.enrolling(worked, "t2", "r4");
    assertThat(KeySteps.usable(again)).containsExactly("k1");
    assertThat(KeySteps.enrollmentRefused(again).current()).isEqualTo("k1");
  }

  @Test
  void usage_moves_noticeably_by_a_twentieth_and_by_more_than_noise() {
    assertThat(UsageFilter.moved(100, 109, 10)).isFalse();
    assertThat(UsageFilter.moved(100, 110, 10)).isTrue();
    assertThat(UsageFilter.moved(1000, 1049, 10)).isFalse();
    assertThat(UsageFilter.moved(1000, 950, 10)).isTrue();
    assertThat(UsageFilter.moved(0, 9, 10)).isFalse();
  }
}
