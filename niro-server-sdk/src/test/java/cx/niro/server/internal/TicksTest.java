package cx.niro.server.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TicksTest {
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private final AtomicInteger done = new AtomicInteger();
  private final Ticks ticks = new Ticks(new Work(waiting::add), "work", done::incrementAndGet);

  @Test
  void a_slow_executor_gets_one_run_however_often_the_timer_ticks() {
    for (int i = 0; i < 10; i++) {
      ticks.run();
    }
    assertThat(waiting).hasSize(1);

    waiting.remove().run();
    ticks.run();
    waiting.remove().run();
    assertThat(done).hasValue(2);
  }

  @Test
  void what_throws_or_is_refused_is_tried_again_with_the_next_tick() {
    Queue<Runnable> later = new ArrayDeque<>();
    Ticks failing =
        new Ticks(
            new Work(later::add),
            "failing",
            () -> {
              throw new IllegalStateException("no");
            });
    failing.run();
    later.remove().run();
    failing.run();
    assertThat(later).hasSize(1);

    Ticks refused =
        new Ticks(
            new Work(
                task -> {
                  if (done.incrementAndGet() == 1) {
                    throw new RejectedExecutionException("full");
                  }
                  task.run();
                }),
            "refused",
            done::incrementAndGet);
    refused.run();
    refused.run();
    assertThat(done).hasValue(3);
  }
}
