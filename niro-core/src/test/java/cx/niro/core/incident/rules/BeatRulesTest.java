package cx.niro.core.incident.rules;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.Environment;
import cx.niro.core.Severity;
import cx.niro.core.incident.DetectionEngine;
import cx.niro.core.incident.IncidentRule;
import cx.niro.core.protocol.BeatTiming;
import cx.niro.core.testkit.DetectionRun;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code heartbeat_degraded} and {@code clock_skew}. */
class BeatRulesTest {
  private static final long STARTED = 1_500_000_000_000L;

  private static DetectionRun run(IncidentRule... rules) {
    return DetectionRun.of(DetectionEngine.of(List.of(rules))).timed(at -> timing(at, 0));
  }

  private static BeatTiming timing(Instant at, long aheadMillis) {
    return new BeatTiming(
        at.toEpochMilli() + aheadMillis, at.toEpochMilli() - STARTED, 15_000L, null, 20L);
  }

  private static DetectionRun degraded() {
    return run(new HeartbeatDegraded(Thresholds.standard())).passMinutes(30);
  }

  /** Of each ten beats these many arrive. */
  private static boolean arrives(Instant at, int ofTen) {
    return at.getEpochSecond() / 15 % 10 < ofTen;
  }

  @Test
  void beats_that_get_lost_open_after_a_quarter_of_it() {
    DetectionRun run = degraded().arrives(at -> at.getEpochSecond() / 15 % 2 == 0).passMinutes(20);
    assertThat(run.story()).isEmpty();
    run.passMinutes(15);
    assertThat(run.story()).containsExactly("opened");
    assertThat(run.opened().get(0).severity()).isEqualTo(Severity.LOW);
  }

  @Test
  void gaps_again_and_again_open_too() {
    DetectionRun run = degraded().arrives(at -> at.getEpochSecond() / 15 % 16 > 3).passMinutes(60);
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void it_clears_at_nine_of_ten_for_ten_minutes_and_not_between() {
    DetectionRun run = degraded().arrives(at -> at.getEpochSecond() / 15 % 2 == 0).passMinutes(60);
    run.arrives(at -> at.getEpochSecond() / 15 % 5 != 0).passMinutes(120);
    assertThat(run.story()).containsExactly("opened");
    run.arrives(at -> true).passMinutes(16);
    assertThat(run.story()).containsExactly("opened");
    run.passMinutes(10);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 9, 10})
  void a_few_lost_beats_are_nothing(int ofTen) {
    DetectionRun run = degraded();
    run.arrives(at -> arrives(at, ofTen) || at.getEpochSecond() % 30 == 0).passMinutes(180);
    assertThat(run.story()).isEmpty();
  }

  @Test
  void one_long_silence_is_offline_and_not_degraded() {
    DetectionRun run = degraded().goesSilent().passMinutes(30).comesBack().passMinutes(60);
    assertThat(run.story()).isEmpty();
  }

  @Test
  void a_restart_of_the_server_counts_for_nothing_and_resolves_nothing() {
    DetectionRun run = degraded().arrives(at -> at.getEpochSecond() / 15 % 2 == 0).passMinutes(40);
    run.serverStops().passMinutes(20).serverStarts().passMinutes(14);
    assertThat(run.story()).containsExactly("opened");
    run.passMinutes(60);
    assertThat(run.story()).containsExactly("opened");
    DetectionRun other = degraded();
    other.serverStops().passMinutes(20).serverStarts().passMinutes(60);
    assertThat(other.story()).isEmpty();
  }

  @Test
  void a_steady_cluster_is_not_evaluated_for_it() {
    DetectionRun run = degraded();
    int before = run.evaluations();
    run.passMinutes(24 * 60);
    assertThat(run.evaluations()).isEqualTo(before);
  }

  // clock_skew

  private static DetectionRun skewed(long aheadSeconds) {
    return run(new ClockSkew(Thresholds.standard()))
        .passMinutes(10)
        .timed(at -> timing(at, aheadSeconds * 1000));
  }

  @ParameterizedTest
  @CsvSource({
    "31, STAGING, MEDIUM",
    "-31, PRODUCTION, HIGH",
    "290, DEV, LOW",
    "301, DEV, MEDIUM",
    "-400, STAGING, HIGH"
  })
  void a_clock_that_is_off_opens_after_five_minutes(
      long seconds, Environment environment, Severity severity) {
    DetectionRun run = skewed(seconds).in(environment).passMinutes(5);
    assertThat(run.story()).isEmpty();
    run.passMinutes(3);
    assertThat(run.opened()).extracting(one -> one.severity()).containsExactly(severity);
    assertThat(run.opened().get(0).summary()).contains(seconds < 0 ? "behind" : "ahead of");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 29, -29})
  void a_clock_that_is_nearly_right_is_nothing(long seconds) {
    assertThat(skewed(seconds).passMinutes(60).story()).isEmpty();
  }

  @Test
  void it_clears_below_half_of_it_for_ten_minutes() {
    DetectionRun run = skewed(40).passMinutes(10).timed(at -> timing(at, 20_000)).passMinutes(60);
    assertThat(run.story()).containsExactly("opened");
    run.timed(at -> timing(at, 10_000)).passMinutes(10);
    assertThat(run.story()).containsExactly("opened");
    run.passMinutes(4);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @Test
  void silence_and_a_restart_of_the_server_leave_it_open() {
    DetectionRun run = skewed(40).passMinutes(10).goesSilent().passMinutes(60);
    run.comesBack().serverStops().pass(Duration.ofMinutes(5)).serverStarts().passMinutes(20);
    assertThat(run.story()).containsExactly("opened");
  }
}
