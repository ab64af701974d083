package cx.niro.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cx.niro.core.testkit.ManualTime;
import cx.niro.core.testkit.StepExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ManualTimeTest {
  private final ManualTime time = ManualTime.create();
  private final StepExecutor executor = time.newExecutor();
  private final List<String> ran = new ArrayList<>();

  private Runnable note(String name) {
    return () ->
        ran.add(name + "@" + Duration.between(ManualTime.START, time.instant()).toSeconds());
  }

  @Test
  void tasks_run_in_order_of_their_due_time_each_at_its_moment() {
    executor.schedule(note("late"), 20, TimeUnit.SECONDS);
    executor.schedule(note("early"), 5, TimeUnit.SECONDS);
    executor.scheduleAtFixedRate(note("beat"), 10, 10, TimeUnit.SECONDS);

    time.advance(Duration.ofSeconds(21));

    assertThat(ran).containsExactly("early@5", "beat@10", "late@20", "beat@20");
    assertThat(time.instant()).isEqualTo(ManualTime.START.plusSeconds(21));
    assertThat(executor.untilNext()).isEqualTo(Duration.ofSeconds(9));
  }

  @Test
  void two_executors_share_one_order() {
    StepExecutor other = time.newExecutor();
    other.schedule(note("b"), 2, TimeUnit.SECONDS);
    executor.schedule(note("a"), 1, TimeUnit.SECONDS);
    executor.schedule(note("c"), 3, TimeUnit.SECONDS);

    time.advance(Duration.ofSeconds(3));

    assertThat(ran).containsExactly("a@1", "b@2", "c@3");
  }

  @Test
  void a_task_may_schedule_another_within_the_same_step() {
    executor.schedule(
        () -> executor.schedule(note("inner"), 1, TimeUnit.SECONDS), 1, TimeUnit.SECONDS);

    time.advance(Duration.ofSeconds(5));

    assertThat(ran).containsExactly("inner@2");
  }

  @Test
  void execute_waits_for_the_next_step() {
    executor.execute(note("now"));
    assertThat(ran).isEmpty();

    executor.runDue();

    assertThat(ran).containsExactly("now@0");
  }

  @Test
  void a_cancelled_task_does_not_run() {
    ScheduledFuture<?> future = executor.scheduleAtFixedRate(note("x"), 1, 1, TimeUnit.SECONDS);
    time.advance(Duration.ofSeconds(1));
    future.cancel(false);
    time.advance(Duration.ofSeconds(10));

    assertThat(ran).containsExactly("x@1");
    assertThat(executor.waiting()).isZero();
  }

  @Test
  void what_a_plain_task_throws_reaches_the_test() {
    executor.execute(
        () -> {
          throw new IllegalStateException("seen");
        });

    assertThatThrownBy(time::runDue).hasMessage("seen");
  }

  @Test
  void shutdown_drops_what_is_not_due() {
    executor.schedule(note("later"), 1, TimeUnit.SECONDS);
    executor.execute(note("due"));
    executor.shutdown();

    assertThat(executor.awaitTermination(1, TimeUnit.SECONDS)).isTrue();
    assertThat(ran).containsExactly("due@0");
  }

  @Test
  void the_wall_clock_moves_alone_when_it_is_set() {
    long before = time.nanoTime();
    time.shiftWallClock(Duration.ofHours(-1));

    assertThat(time.nanoTime()).isEqualTo(before);
    assertThat(time.instant()).isEqualTo(ManualTime.START.minusSeconds(3600));
  }
}
