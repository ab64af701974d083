package cx.niro.core.incident.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ThresholdsTest {
  private static final Threshold TIME = Threshold.NODE_NOT_READY_FOR;
  private static final Threshold COUNT = Threshold.POD_CRASH_LOOPING_RESTARTS;

  @Test
  void the_conservative_profile_waits_as_long_as_kubernetes_mixin() {
    assertThat(Thresholds.standard().time(TIME)).isEqualTo(Duration.ofMinutes(2));
    assertThat(Thresholds.conservative().time(TIME)).isEqualTo(Duration.ofMinutes(15));
  }

  @Test
  void a_change_makes_new_thresholds() {
    Thresholds changed = Thresholds.standard().with(TIME, Duration.ofMinutes(7)).with(COUNT, 9);
    assertThat(changed.time(TIME)).isEqualTo(Duration.ofMinutes(7));
    assertThat(changed.count(COUNT)).isEqualTo(9);
    assertThat(Thresholds.standard().count(COUNT)).isEqualTo(3);
  }

  @Test
  void a_value_that_does_not_fit_is_refused_by_name() {
    assertThatThrownBy(() -> Thresholds.standard().with(TIME, 3))
        .hasMessage("node-not-ready-for is a time");
    assertThatThrownBy(() -> Thresholds.standard().with(COUNT, Duration.ofMinutes(1)))
        .hasMessage("pod-crash-looping-restarts is a count");
    assertThatThrownBy(() -> Thresholds.standard().with(COUNT, -1))
        .hasMessage("pod-crash-looping-restarts must not be negative, but was -1");
  }

  @Test
  void a_profile_is_found_by_its_name() {
    assertThat(Thresholds.ofProfile("standard")).hasToString("standard");
    assertThat(Thresholds.ofProfile("conservative")).hasToString("conservative");
    assertThatThrownBy(() -> Thresholds.ofProfile("Loud"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("detection profile must be standard or conservative, but was 'Loud'");
  }

  @Test
  void it_says_what_differs() {
    Thresholds own =
        Thresholds.standard()
            .with(Threshold.NODE_NOT_READY_FOR, Duration.ofMinutes(5))
            .with(Threshold.POD_CRASH_LOOPING_RESTARTS, 4);
    assertThat(own)
        .hasToString("standard with node-not-ready-for=PT5M pod-crash-looping-restarts=4");
  }
}
