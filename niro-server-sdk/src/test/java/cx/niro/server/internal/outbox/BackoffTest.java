package cx.niro.server.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.ChannelId;
import cx.niro.core.DeliveryId;
import cx.niro.server.spi.DeliveryRow;
import cx.niro.server.spi.DeliveryRow.Progress;
import cx.niro.server.spi.DeliveryRow.State;
import cx.niro.server.spi.Outcome;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {
  private static final Instant NOW = Instant.parse("2026-01-05T08:00:00Z");

  private static DeliveryRow after(int attempts, Outcome outcome, double drawn) {
    DeliveryRow row =
        new DeliveryRow(
            new DeliveryId("d"),
            new ChannelId("c"),
            "g",
            "title",
            "{}",
            NOW,
            NOW.plus(Duration.ofHours(24)),
            new Progress(State.PENDING, attempts, NOW, null, null));
    return Backoff.after(row, outcome, NOW, drawn);
  }

  private static long seconds(int attempts, Outcome outcome, double drawn) {
    return Duration.between(NOW, after(attempts, outcome, drawn).progress().nextAt()).toSeconds();
  }

  @ParameterizedTest
  @CsvSource({"0, 2, 5", "1, 5, 10", "3, 20, 40", "7, 320, 640", "8, 450, 900", "50, 450, 900"})
  void the_wait_doubles_up_to_15_minutes_and_half_of_it_is_drawn(
      int attempts, long least, long most) {
    Outcome failed = Outcome.retry("no", null);
    assertThat(seconds(attempts, failed, 0)).isEqualTo(least);
    assertThat(seconds(attempts, failed, 1)).isEqualTo(most);
  }

  @Test
  void a_longer_wait_that_is_asked_for_wins_up_to_an_hour() {
    assertThat(seconds(0, Outcome.retry("no", Duration.ofSeconds(90)), 0)).isEqualTo(90);
    assertThat(seconds(9, Outcome.retry("no", Duration.ofSeconds(1)), 0)).isEqualTo(450);
    assertThat(seconds(0, Outcome.retry("no", Duration.ofHours(9)), 0)).isEqualTo(3600);
  }

  @Test
  void it_ends_when_it_is_taken_refused_or_too_old() {
    assertThat(after(0, Outcome.sent(), 0).progress().state()).isEqualTo(State.SENT);
    assertThat(after(0, Outcome.refused("gone"), 0).progress())
        .isEqualTo(new Progress(State.DEAD, 1, NOW, NOW, "gone"));
    assertThat(after(98, Outcome.retry("no", null), 0).progress().state()).isEqualTo(State.PENDING);
    assertThat(after(99, Outcome.retry("no", null), 0).progress().state()).isEqualTo(State.DEAD);
    DeliveryRow old = after(0, Outcome.retry("no", null), 1).until(NOW.plusSeconds(5));
    assertThat(Backoff.after(old, Outcome.retry("no", null), NOW, 1).progress().state())
        .isEqualTo(State.DEAD);
  }
}
