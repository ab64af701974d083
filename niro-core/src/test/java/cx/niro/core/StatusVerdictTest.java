package cx.niro.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class StatusVerdictTest {
  private static final Instant BEAT = Instant.parse("2026-01-05T08:00:00Z");
  private static final Instant CREATED = BEAT.minusSeconds(1000);
  private static final Instant ENROLLED = BEAT.minusSeconds(500);
  private static final Instant OPENED = BEAT.minusSeconds(300);
  private static final Duration UNKNOWN_AFTER = Duration.ofSeconds(65);

  /** Facts of an enrolled cluster, to be changed one by one. */
  private record Given(
      @Nullable Instant enrolledAt,
      @Nullable Instant lastBeatAt,
      Instant silentSince,
      @Nullable String goodbye,
      @Nullable Instant offlineSince,
      @Nullable Severity worst,
      int open) {
    static final Given ENROLLED_AND_BEATING = new Given(ENROLLED, BEAT, BEAT, null, null, null, 0);

    Given neverEnrolled() {
      return new Given(null, null, silentSince, null, null, null, 0);
    }

    Given neverBeaten() {
      return new Given(enrolledAt, null, ENROLLED, goodbye, offlineSince, worst, open);
    }

    Given silentSince(Instant at) {
      return new Given(enrolledAt, lastBeatAt, at, goodbye, offlineSince, worst, open);
    }

    Given goodbye(String reason) {
      return new Given(enrolledAt, lastBeatAt, silentSince, reason, offlineSince, worst, open);
    }

    Given offline() {
      return new Given(
          enrolledAt, lastBeatAt, silentSince, goodbye, BEAT.plusSeconds(150), worst, open);
    }

    Given worst(Severity severity, int count) {
      return new Given(enrolledAt, lastBeatAt, silentSince, goodbye, offlineSince, severity, count);
    }

    StatusVerdict after(long seconds) {
      StatusVerdict.Facts facts =
          new StatusVerdict.Facts(
              CREATED,
              enrolledAt,
              lastBeatAt,
              silentSince,
              goodbye,
              goodbye == null ? null : BEAT.plusSeconds(3),
              offlineSince,
              worst,
              worst == null ? null : OPENED,
              open,
              ENROLLED,
              UNKNOWN_AFTER);
      return StatusVerdict.of(facts, BEAT.plusSeconds(seconds));
    }
  }

  private static final Given BEATING = Given.ENROLLED_AND_BEATING;

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          # worst, open, silent for, offline?, goodbye, status
          -,      0,     0,         false,    -,       HEALTHY
          -,      0,    64,         false,    -,       HEALTHY
          -,      0,    65,         false,    -,       UNKNOWN
          -,      0,   149,         false,    -,       UNKNOWN
          -,      0,   151,         true,     -,       OFFLINE
          LOW,    1,     0,         false,    -,       WARNING
          MEDIUM, 2,    64,         false,    -,       WARNING
          HIGH,   1,     0,         false,    -,       CRITICAL
          HIGH,   1,    65,         false,    -,       UNKNOWN
          HIGH,   1,   151,         true,     -,       OFFLINE
          -,      0,     5,         false,    update,  UNKNOWN
          HIGH,   1,     5,         false,    update,  UNKNOWN
          -,      0,   151,         true,     update,  OFFLINE
          """)
  void silence_outranks_incidents(
      @Nullable Severity worst,
      int open,
      long seconds,
      boolean offline,
      @Nullable String goodbye,
      ClusterStatus expected) {
    Given given = worst == null ? BEATING : BEATING.worst(worst, open);
    given = offline ? given.offline() : given;
    given = goodbye == null ? given : given.goodbye(goodbye);
    assertThat(given.after(seconds).status()).isEqualTo(expected);
  }

  @Test
  void a_cluster_that_was_never_enrolled_is_pending_for_ever() {
    StatusVerdict verdict = BEATING.neverEnrolled().after(1_000_000);
    assertThat(verdict)
        .isEqualTo(
            new StatusVerdict(
                ClusterStatus.PENDING, "waiting for an agent to enroll", CREATED, null));
  }

  @Test
  void an_enrolled_cluster_is_pending_until_its_first_beat_is_overdue() {
    Given given = BEATING.neverBeaten();
    assertThat(given.after(-440).reason()).isEqualTo("enrolled, waiting for the first heartbeat");
    assertThat(given.after(-440).status()).isEqualTo(ClusterStatus.PENDING);
    assertThat(given.after(-440).recheckAt()).isEqualTo(ENROLLED.plusSeconds(65));
    assertThat(given.after(-435).status()).isEqualTo(ClusterStatus.UNKNOWN);
    assertThat(given.after(-435).reason())
        .isEqualTo("no heartbeat since the enrollment (limit 65 s)");
  }

  @Test
  void unknown_names_the_silence_and_the_limit_and_began_when_the_limit_passed() {
    StatusVerdict verdict = BEATING.after(70);
    assertThat(verdict.reason()).isEqualTo("no heartbeat for 70 s (limit 65 s)");
    assertThat(verdict.since()).isEqualTo(BEAT.plusSeconds(65));
    assertThat(verdict.recheckAt()).isNull();
  }

  @Test
  void silence_does_not_count_within_the_grace_of_a_server() {
    Given restarted = BEATING.silentSince(BEAT.plusSeconds(600));
    assertThat(restarted.after(664).status()).isEqualTo(ClusterStatus.HEALTHY);
    assertThat(restarted.after(664).recheckAt()).isEqualTo(BEAT.plusSeconds(665));
    assertThat(restarted.after(665).status()).isEqualTo(ClusterStatus.UNKNOWN);
    assertThat(restarted.after(665).reason()).isEqualTo("no heartbeat for 11 min (limit 65 s)");
  }

  @ParameterizedTest
  @CsvSource({
    "node is going down, agent said goodbye: node is going down",
    "'', agent said goodbye"
  })
  void goodbye_is_told_with_its_reason(String reason, String expected) {
    StatusVerdict verdict = BEATING.goodbye(reason).after(4);
    assertThat(verdict.reason()).isEqualTo(expected);
    assertThat(verdict.since()).isEqualTo(BEAT.plusSeconds(3));
  }

  @Test
  void offline_lasts_since_the_incident_opened_and_remembers_the_goodbye() {
    StatusVerdict verdict = BEATING.goodbye("update").offline().after(7200);
    assertThat(verdict.since()).isEqualTo(BEAT.plusSeconds(150));
    assertThat(verdict.reason()).isEqualTo("no heartbeat for 2 h; agent said goodbye: update");
  }

  @ParameterizedTest
  @CsvSource({
    "HIGH, 1, '1 open incident, worst high'",
    "HIGH, 7, '7 open incidents, worst high'",
    "LOW, 2, '2 open incidents, worst low'"
  })
  void incidents_are_counted(Severity worst, int open, String expected) {
    StatusVerdict verdict = BEATING.worst(worst, open).after(1);
    assertThat(verdict.reason()).isEqualTo(expected);
    assertThat(verdict.since()).isEqualTo(OPENED);
  }

  @Test
  void healthy_says_so_and_is_due_again_when_silence_would_end_it() {
    assertThat(BEATING.after(10))
        .isEqualTo(
            new StatusVerdict(
                ClusterStatus.HEALTHY,
                "heartbeats arrive and no incident is open",
                ENROLLED,
                BEAT.plusSeconds(65)));
  }

  @ParameterizedTest
  @EnumSource(Severity.class)
  void nothing_but_a_high_incident_is_critical(Severity worst) {
    boolean critical = BEATING.worst(worst, 1).after(1).status() == ClusterStatus.CRITICAL;
    assertThat(critical).isEqualTo(worst == Severity.HIGH);
  }

  @ParameterizedTest
  @CsvSource({"90, 90 s", "180, 180 s", "181, 3 min", "7199, 119 min", "7200, 2 h", "172800, 2 d"})
  void long_silence_is_told_in_large_units(long seconds, String expected) {
    assertThat(BEATING.after(seconds).reason()).startsWith("no heartbeat for " + expected);
  }
}
