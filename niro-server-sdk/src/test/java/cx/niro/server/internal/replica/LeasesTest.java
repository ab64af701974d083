package cx.niro.server.internal.replica;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.testkit.ManualTime;
import cx.niro.core.testkit.StepExecutor;
import cx.niro.server.internal.Platform;
import cx.niro.server.internal.SystemTime;
import cx.niro.server.internal.replica.Leases.Duty;
import cx.niro.server.internal.replica.Leases.Renewal;
import cx.niro.server.memory.MemoryStores;
import cx.niro.server.testkit.CrashingStores;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LeasesTest {
  private final ManualTime time = ManualTime.create();
  private final StepExecutor executor = time.newExecutor();
  private final Platform platform =
      SystemTime.of(time, time.nanos(), new SplittableRandom(1), executor, executor);
  private final CrashingStores stores = new CrashingStores(MemoryStores.create()).shared();
  private final Leases first = new Leases(stores, platform, "first");
  private final Leases second = new Leases(stores, platform, "second");

  private Renewal renew(Leases leases) {
    return renew(leases, time.instant());
  }

  private Renewal renew(Leases leases, Instant flushedUpTo) {
    return leases.renew(ManualTime.START, flushedUpTo);
  }

  private void pass(int seconds) {
    time.advance(Duration.ofSeconds(seconds));
  }

  @Test
  void one_has_the_duties_and_keeps_them_while_it_renews() {
    for (int i = 0; i < 60; i++) {
      renew(first);
      renew(second);
      assertThat(Duty.values()).allMatch(first::holds).noneMatch(second::holds);
      pass(1);
    }
    assertThat(second.isAlive()).isTrue();
  }

  @Test
  void a_dead_ones_duties_are_taken_over_within_15_seconds() {
    renew(first);
    for (int i = 0; i < 14; i++) {
      pass(1);
      renew(second);
    }
    assertThat(Duty.values()).allMatch(second::holds);
  }

  @Test
  void one_that_was_stopped_knows_that_it_has_lost_them_before_it_asks() {
    renew(first);
    pass(10);
    assertThat(first.isAlive()).isFalse();
    assertThat(Duty.values()).noneMatch(first::holds);
    renew(second);
    Renewal again = renew(first);
    assertThat(again.lapsed()).isTrue();
    assertThat(first.isAlive()).isTrue();
    assertThat(Duty.values()).noneMatch(first::holds).allMatch(second::holds);
  }

  @Test
  void no_two_have_a_duty_at_one_moment_whenever_they_stop_and_go_on() {
    SplittableRandom random = new SplittableRandom(42);
    for (int i = 0; i < 2000; i++) {
      pass(random.nextInt(4));
      if (random.nextInt(5) > 0) {
        renew(random.nextBoolean() ? first : second);
      } else {
        pass(random.nextInt(15));
      }
      assertThat(Duty.values()).noneMatch(duty -> first.holds(duty) && second.holds(duty));
    }
  }

  @Test
  void what_one_releases_the_other_has_at_once() {
    renew(first);
    first.release();
    assertThat(first.isAlive()).isFalse();
    renew(second);
    assertThat(Duty.values()).allMatch(second::holds);
  }

  @Test
  void silence_counts_up_to_what_the_slowest_that_lives_has_stored() {
    renew(first, ManualTime.START.minusSeconds(7));
    assertThat(renew(second).upTo()).isEqualTo(ManualTime.START.minusSeconds(7));
    pass(10);
    assertThat(renew(second).upTo()).as("the other is dead").isEqualTo(time.instant());
  }

  @Test
  void whoever_begins_takes_over_since_when_agents_were_heard() {
    renew(first);
    Instant since = renew(first).listeningSince();
    pass(5);
    renew(first);
    assertThat(renew(second).listeningSince()).isEqualTo(since);
  }
}
