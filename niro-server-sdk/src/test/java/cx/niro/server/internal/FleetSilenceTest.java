package cx.niro.server.internal;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.server.internal.FleetSilence.Wave;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class FleetSilenceTest {
  private static final long SECOND = 1000;
  private static final long UNKNOWN_AFTER = 65 * SECOND;

  /** So many clusters that report at this moment, and these that are silent. */
  private static List<Wave> waves(int reporting, long... silent) {
    long now = 10_000 * SECOND;
    long[] signs =
        LongStream.concat(LongStream.generate(() -> now).limit(reporting), Arrays.stream(silent))
            .sorted()
            .toArray();
    return FleetSilence.waves(signs, Arrays.stream(silent).sorted().toArray(), UNKNOWN_AFTER);
  }

  /** So many, one after the other within {@code seconds} from {@code start}. */
  private static long[] silent(int count, long start, long seconds) {
    return LongStream.range(0, count)
        .map(i -> (start * count + i * seconds) * SECOND / count)
        .toArray();
  }

  @Test
  void twenty_clusters_within_a_minute_are_one_wave() {
    assertThat(waves(0, silent(20, 5_000, 60))).hasSize(1);
    assertThat(waves(0, silent(19, 5_000, 60))).isEmpty();
  }

  @Test
  void over_thirty_percent_of_those_that_reported_are_one_wave() {
    assertThat(waves(69, silent(31, 5_000, 30))).hasSize(1);
    assertThat(waves(70, silent(30, 5_000, 30))).isEmpty();
  }

  @Test
  void clusters_that_were_silent_long_before_do_not_count_as_reporting() {
    long[] before = silent(900, 100, 3_000);
    long[] all =
        LongStream.concat(Arrays.stream(before), Arrays.stream(silent(40, 5_000, 30))).toArray();
    assertThat(waves(60, all)).containsExactly(new Wave(5_000 * SECOND, 5_000 * SECOND + 29_250));
  }

  @Test
  void one_after_the_other_over_an_hour_is_no_wave() {
    assertThat(waves(0, silent(600, 1_000, 3_600))).isEmpty();
  }

  @Test
  void a_long_wave_is_one_and_two_apart_are_two() {
    assertThat(waves(0, silent(500, 5_000, 300))).hasSize(1);
    long[] two =
        LongStream.concat(
                Arrays.stream(silent(50, 1_000, 20)), Arrays.stream(silent(50, 5_000, 20)))
            .toArray();
    assertThat(waves(0, two)).hasSize(2);
  }
}
