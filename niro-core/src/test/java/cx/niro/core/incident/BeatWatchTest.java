package cx.niro.core.incident;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.BootId;
import cx.niro.core.protocol.BeatTiming;
import java.time.Duration;
import java.time.Instant;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BeatWatchTest {
  private static final Instant START = Instant.parse("2026-01-05T08:00:00Z");
  private static final BootId BOOT = new BootId("boot-1");

  private BeatWatch watch = BeatWatch.EMPTY;
  private Instant now = START;
  private Instant fromHere = START;

  private void beats(int count, long interval, IntPredicate arrives) {
    for (int i = 0; i < count; i++) {
      now = now.plusMillis(interval);
      if (arrives.test(i)) {
        hear(new BeatTiming(now.toEpochMilli(), null, 15_000L, null, null));
      }
    }
  }

  private void hear(BeatTiming timing) {
    watch = watch.heard(BOOT, timing, now, fromHere);
  }

  @Test
  void nothing_is_said_of_less_than_a_quarter() {
    beats(60, 15_000, i -> true);
    assertThat(watch.facts().receivedPercent()).isNull();
    beats(2, 15_000, i -> true);
    assertThat(watch.facts()).isEqualTo(new BeatFacts(100, 0, Duration.ZERO, NodeLoads.NONE));
  }

  @ParameterizedTest
  @CsvSource({"2, 50", "3, 67", "4, 75", "10, 90", "100, 99"})
  void what_is_lost_counts_by_the_announced_interval(int lostOneIn, int percent) {
    beats(200, 15_000, i -> i % lostOneIn != 0);
    assertThat(watch.facts().receivedPercent()).isBetween(percent - 2, percent + 2);
  }

  @Test
  void a_fifth_of_an_interval_more_or_less_is_nothing() {
    RandomGenerator random = new java.util.SplittableRandom(7);
    for (int i = 0; i < 200; i++) {
      beats(1, 12_000 + random.nextInt(6_000), any -> true);
    }
    assertThat(watch.facts().receivedPercent()).isEqualTo(100);
  }

  @Test
  void beats_that_come_early_make_up_for_none_that_is_lost() {
    for (int i = 0; i < 100; i++) {
      beats(3, 1_000, any -> true);
      beats(1, 30_000, any -> true);
    }
    assertThat(watch.facts().receivedPercent()).isBetween(50, 58);
  }

  @Test
  void a_slower_interval_that_is_announced_is_no_loss() {
    for (int i = 0; i < 40; i++) {
      now = now.plusSeconds(60);
      hear(new BeatTiming(now.toEpochMilli(), null, 60_000L, null, null));
    }
    assertThat(watch.facts()).isEqualTo(new BeatFacts(100, 0, Duration.ZERO, NodeLoads.NONE));
  }

  @Test
  void gaps_of_over_three_intervals_count_until_they_are_a_quarter_old() {
    beats(100, 15_000, i -> true);
    for (int i = 0; i < 3; i++) {
      beats(1, 46_000, any -> true);
      beats(1, 45_000, any -> true);
    }
    assertThat(watch.facts().longGaps()).isEqualTo(3);
    beats(48, 15_000, i -> true);
    assertThat(watch.facts().longGaps()).isPositive();
    beats(13, 15_000, i -> true);
    assertThat(watch.facts().longGaps()).isZero();
  }

  @Test
  void what_the_server_missed_or_refused_itself_is_no_loss() {
    beats(100, 15_000, i -> true);
    for (int i = 0; i < 10; i++) {
      now = now.plusSeconds(15);
      watch = watch.refused(now);
    }
    beats(1, 15_000, i -> true);
    assertThat(watch.facts()).isEqualTo(new BeatFacts(100, 0, Duration.ZERO, NodeLoads.NONE));
    now = now.plusSeconds(600);
    fromHere = now.minusSeconds(1);
    beats(61, 15_000, i -> true);
    assertThat(watch.facts().receivedPercent()).isEqualTo(100);
    assertThat(watch.facts().longGaps()).isZero();
  }

  // Clocks.

  private void clocks(int count, long aheadMillis, long delayMillis, boolean uptime) {
    for (int i = 0; i < count; i++) {
      now = now.plusSeconds(15);
      Instant sent = now.minusMillis(delayMillis);
      @Nullable Long up = uptime ? Duration.between(START, sent).toMillis() : null;
      hear(new BeatTiming(sent.toEpochMilli() + aheadMillis, up, 15_000L, null, 0L));
    }
  }

  private long ahead() {
    Duration ahead = watch.facts().clockAhead();
    return ahead == null ? Long.MIN_VALUE : ahead.toMillis();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 40_000, -40_000, 400_000, -86_400_000})
  void a_clock_that_is_off_is_measured_with_or_without_uptimes(long millis) {
    clocks(5, millis, 0, true);
    assertThat(ahead()).isEqualTo(millis);
    watch = BeatWatch.EMPTY;
    clocks(5, millis, 0, false);
    assertThat(ahead()).isEqualTo(millis);
  }

  @Test
  void four_beats_are_too_few() {
    clocks(4, 40_000, 0, true);
    assertThat(watch.facts().clockAhead()).isNull();
  }

  @Test
  void beats_that_were_queued_are_late_and_not_skewed() {
    clocks(2, 0, 0, true);
    clocks(8, 0, 60_000, true);
    assertThat(ahead()).isZero();
    clocks(9, 0, 0, false);
    clocks(9, 0, 60_000, false);
    assertThat(ahead()).isZero();
  }

  @Test
  void half_of_the_round_trip_is_on_the_way() {
    for (int i = 0; i < 10; i++) {
      now = now.plusSeconds(15);
      hear(new BeatTiming(now.toEpochMilli() - 2_000, null, 15_000L, null, 4_000L));
    }
    assertThat(ahead()).isZero();
  }

  @Test
  void a_machine_that_slept_is_right_again_after_ten_beats() {
    clocks(10, 0, 0, true);
    for (int i = 0; i < 10; i++) {
      now = now.plusSeconds(15);
      long up = Duration.between(START, now).minusHours(1).toMillis();
      hear(new BeatTiming(now.toEpochMilli(), Math.max(0, up), 15_000L, null, 0L));
    }
    assertThat(ahead()).isBetween(-200_000L, 200_000L);
  }

  @Test
  void another_process_starts_anew() {
    clocks(10, 40_000, 0, true);
    watch =
        watch.heard(
            new BootId("boot-2"),
            new BeatTiming(now.toEpochMilli(), 1L, null, null, null),
            now,
            fromHere);
    assertThat(watch.facts().clockAhead()).isNull();
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, -1, 0, Long.MAX_VALUE})
  void nonsense_does_no_harm(long odd) {
    for (int i = 0; i < 100; i++) {
      now = now.plusSeconds(i % 7 - 2);
      hear(new BeatTiming(odd, odd, odd, odd, odd));
      watch.facts();
    }
    assertThat(watch.facts().longGaps()).isBetween(0, 100);
  }
}
