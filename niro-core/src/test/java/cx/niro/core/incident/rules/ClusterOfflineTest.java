package cx.niro.core.incident.rules;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.Severity;
import cx.niro.core.incident.DetectionEngine;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.testkit.DetectionRun;
import org.junit.jupiter.api.Test;

class ClusterOfflineTest {
  private final DetectionRun run = DetectionRun.of(DetectionEngine.standard());

  @Test
  void opens_after_150_seconds_of_silence_and_resolves_with_the_first_beat() {
    run.passMinutes(5).goesSilent().passSeconds(130);
    assertThat(run.transitions()).isEmpty();
    run.passSeconds(25);
    assertThat(run.story()).containsExactly("opened");
    assertThat(run.opened().get(0).type()).isEqualTo(IncidentType.CLUSTER_OFFLINE);
    assertThat(run.opened().get(0).severity()).isEqualTo(Severity.HIGH);
    assertThat(run.opened().get(0).summary())
        .isEqualTo("No heartbeat since 2026-01-05T08:04:46Z (limit 150 s)");
    run.passMinutes(60).comesBack().passSeconds(1);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @Test
  void is_on_time_to_the_second() {
    run.passSeconds(1).goesSilent().passSeconds(149);
    assertThat(run.transitions()).isEmpty();
    run.passSeconds(1);
    assertThat(run.story()).containsExactly("opened");
    assertThat(run.opened().get(0).since()).isEqualTo(run.now().minusSeconds(150));
  }

  @Test
  void a_cluster_that_never_beat_is_not_offline() {
    run.goesSilent().passMinutes(60);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void silence_counts_only_from_the_end_of_the_grace_after_a_server_start() {
    run.passMinutes(5).serverStops().goesSilent().passMinutes(60);
    run.serverStarts().passSeconds(80 + 149);
    assertThat(run.transitions()).isEmpty();
    run.passSeconds(1);
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void a_server_start_does_not_resolve_it() {
    run.passMinutes(5).goesSilent().passMinutes(10);
    run.serverStops().passMinutes(5).serverStarts().passMinutes(5);
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void missed_beats_within_the_window_are_nothing() {
    for (int i = 0; i < 20; i++) {
      run.goesSilent().passSeconds(140).comesBack().passSeconds(20);
    }
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void a_healthy_cluster_is_rechecked_about_once_in_150_seconds() {
    run.passMinutes(60);
    assertThat(run.evaluations()).isBetween(20, 28);
  }
}
