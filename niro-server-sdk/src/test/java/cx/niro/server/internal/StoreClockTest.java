package cx.niro.server.internal;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.testkit.ManualTime;
import cx.niro.server.memory.MemoryStores;
import cx.niro.server.spi.Stores;
import cx.niro.server.testkit.CrashingStores;
import cx.niro.server.testkit.TimedStores;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class StoreClockTest {
  private final ManualTime time = ManualTime.create();
  private final StoreClock clock =
      new StoreClock(() -> time.instant().plus(Duration.ofHours(1)), time.nanos());

  /** Stores that take so long to answer, half of it before they look at their clock. */
  private Stores answering(Duration takes, Duration ahead) {
    return new TimedStores(
        new CrashingStores(MemoryStores.create()).shared(),
        () -> {
          time.advance(takes.dividedBy(2));
          Instant told = time.instant().plus(ahead);
          time.advance(takes.dividedBy(2));
          return told;
        });
  }

  @Test
  void is_the_machines_where_the_stores_have_none() {
    clock.compare(MemoryStores.create());
    assertThat(clock.instant()).isEqualTo(time.instant().plus(Duration.ofHours(1)));
  }

  @Test
  void is_the_stores_however_wrong_the_machines_is_and_when_that_is_set() {
    clock.compare(answering(Duration.ofMillis(2), Duration.ZERO));
    assertThat(clock.instant()).isEqualTo(time.instant());
    time.shiftWallClock(Duration.ofMinutes(-5));
    time.advance(Duration.ofMinutes(1));
    assertThat(clock.instant()).isEqualTo(time.instant().plus(Duration.ofMinutes(5)));
  }

  @Test
  void is_not_moved_by_an_answer_that_took_long() {
    clock.compare(answering(Duration.ofMillis(2), Duration.ZERO));
    clock.compare(answering(Duration.ofSeconds(60), Duration.ofSeconds(20)));
    assertThat(clock.instant()).isEqualTo(time.instant());
  }

  @Test
  void follows_the_stores_when_theirs_is_set() {
    clock.compare(answering(Duration.ofMillis(2), Duration.ZERO));
    clock.compare(answering(Duration.ofMillis(2), Duration.ofSeconds(-9)));
    Duration off = Duration.between(clock.instant(), time.instant().minusSeconds(9));
    assertThat(off.abs()).isLessThanOrEqualTo(Duration.ofMillis(1));
  }
}
