package cx.niro.core.incident;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.Environment;
import cx.niro.core.snapshot.ClusterSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SingleLookTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private static List<Diagnosis> look(Duration notReadyFor) {
    ClusterSnapshot seen =
        Seen.nodes(Seen.node("n1", "False", NOW.minus(notReadyFor).toEpochMilli()));
    return DetectionEngine.standard().diagnose(seen, Environment.PRODUCTION, NOW);
  }

  @Test
  void what_lasts_long_enough_by_its_own_time_is_wrong() {
    Diagnosis one = look(Duration.ofMinutes(2)).get(0);
    assertThat(one.type()).isEqualTo(IncidentType.NODE_NOT_READY);
    assertThat(one.pending()).isFalse();
    assertThat(one.since()).isEqualTo(NOW.minus(Duration.ofMinutes(2)));
  }

  @Test
  void what_does_not_is_pending() {
    assertThat(look(Duration.ofSeconds(119)).get(0).pending()).isTrue();
  }

  @Test
  void nothing_wrong_is_nothing_told() {
    ClusterSnapshot well = Seen.nodes(Seen.node("n1", "True", NOW.toEpochMilli()));
    assertThat(DetectionEngine.standard().diagnose(well, Environment.DEV, NOW)).isEmpty();
    assertThat(DetectionEngine.standard().diagnose(ClusterSnapshot.EMPTY, Environment.DEV, NOW))
        .isEmpty();
  }
}
