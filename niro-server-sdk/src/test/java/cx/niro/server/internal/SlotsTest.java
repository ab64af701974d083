package cx.niro.server.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A fleet whose agents draw each interval a tenth apart, and wait longer when they are told. */
class SlotsTest {
  private static final Duration INTERVAL = Duration.ofSeconds(15);
  private static final Duration MOST = Duration.ofMillis(32_500);

  private final SplittableRandom random = new SplittableRandom(7);
  private final Slots slots = new Slots(INTERVAL);
  private final PriorityQueue<Long> beats = new PriorityQueue<>();
  private final int[] perSecond = new int[400];
  private int told;

  /** So many beat within two seconds from {@code start} on. */
  private void comeTogether(int count, int start) {
    for (int i = 0; i < count; i++) {
      beats.add((long) ((start + 2 * random.nextDouble()) * 1e9));
    }
  }

  private void runUntil(int end) {
    while (!beats.isEmpty() && beats.peek() < end * 1_000_000_000L) {
      long now = beats.remove();
      perSecond[(int) (now / 1_000_000_000L)]++;
      Duration asked = slots.next(now, MOST, random::nextDouble);
      double own = INTERVAL.toNanos() * (0.9 + 0.2 * random.nextDouble());
      if (asked != null) {
        told++;
        assertThat(asked).isLessThanOrEqualTo(MOST.plusSeconds(1));
      }
      beats.add(now + Math.max((long) own, asked == null ? 0 : asked.toNanos()));
    }
  }

  private int busiest(int from, int to) {
    return Arrays.stream(perSecond, from, to).max().orElseThrow();
  }

  private double mean(int from, int to) {
    return Arrays.stream(perSecond, from, to).average().orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 1_000, 10_000})
  void a_fleet_that_came_back_together_is_spread_after_two_intervals_and_stays_so(int count) {
    comeTogether(count, 10);
    runUntil(400);

    double even = count / 15.0;
    assertThat(busiest(12, 400)).isLessThan((int) (2 * even + 10));
    assertThat(mean(60, 400)).isBetween(0.95 * even, 1.05 * even);
  }

  @Test
  void once_spread_hardly_anybody_is_told_anything() {
    comeTogether(1_000, 10);
    runUntil(100);
    told = 0;
    runUntil(400);

    assertThat(told).isLessThan(200);
  }

  @Test
  void those_that_missed_a_pause_of_the_server_are_spread_again() {
    comeTogether(1_000, 10);
    runUntil(100);
    Long[] due = beats.stream().filter(at -> at < 105_000_000_000L).toArray(Long[]::new);
    beats.removeAll(Arrays.asList(due));
    comeTogether(due.length, 105);
    runUntil(400);

    assertThat(busiest(108, 400)).isLessThan(143);
  }

  @Test
  void a_few_clusters_are_left_alone() {
    comeTogether(3, 10);
    runUntil(400);

    assertThat(told).isZero();
  }

  @Test
  void nobody_is_told_to_be_silent_for_longer_than_he_may() {
    Duration most = Duration.ofSeconds(8);
    for (int i = 0; i < 1_000; i++) {
      Duration asked = slots.next(i, most, random::nextDouble);
      assertThat(asked == null ? Duration.ZERO : asked).isLessThanOrEqualTo(most.plusSeconds(1));
    }
  }
}
