package cx.niro.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cx.niro.core.ErrorCode;
import cx.niro.core.RetryLaterException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class FairQueueTest {
  private final Queue<Runnable> threads = new ArrayDeque<>();
  private final List<String> done = new ArrayList<>();
  private boolean ended;

  private FairQueue queue(int running, int runningOfOne, int waiting, int waitingOfOne) {
    var limits = new FairQueue.Limits(running, runningOfOne, waiting, waitingOfOne);
    return new FairQueue("calls", limits, this::execute);
  }

  private void execute(Runnable task) {
    if (ended) {
      throw new RejectedExecutionException("ended");
    }
    threads.add(task);
  }

  private FairQueue.Step step(String name) {
    return new FairQueue.Step() {
      @Override
      public void run() {
        done.add(name);
      }

      @Override
      public void refuse(RejectedExecutionException why) {
        done.add(name + " refused");
      }
    };
  }

  private void runAll() {
    for (Runnable next = threads.poll(); next != null; next = threads.poll()) {
      next.run();
    }
  }

  private static ErrorCode refusal(Runnable enter) {
    return catchThrowableOfType(RetryLaterException.class, enter::run).code();
  }

  @Test
  void no_more_run_at_a_time_than_may_and_all_run_in_the_end() {
    FairQueue queue = queue(2, 2, 10, 10);
    for (int i = 0; i < 5; i++) {
      queue.enter("caller " + i, step("step " + i));
    }
    assertThat(threads).hasSize(2);

    runAll();

    assertThat(done).containsExactly("step 0", "step 1", "step 2", "step 3", "step 4");
    assertThat(queue.figures()).isEqualTo("0 run, 0 wait, of 0");
  }

  @Test
  void a_caller_who_asks_often_takes_turns_with_one_who_asks_once() {
    FairQueue queue = queue(2, 1, 100, 50);
    for (int i = 0; i < 40; i++) {
      queue.enter("flood", step("flood"));
    }
    assertThat(threads).as("one of the two is kept for others").hasSize(1);
    queue.enter("anna", step("anna"));
    queue.enter("bert", step("bert"));

    runAll();

    assertThat(done.subList(0, 5)).contains("anna", "bert");
    assertThat(done).hasSize(42);
  }

  @Test
  void what_goes_on_comes_before_what_enters_and_is_never_refused() {
    FairQueue queue = queue(1, 1, 1, 1);
    queue.enter("a", step("first"));
    queue.enter("a", step("second"));
    for (int i = 0; i < 3; i++) {
      queue.goOn("a", step("further"));
    }

    runAll();

    assertThat(done).containsExactly("first", "further", "further", "further", "second");
  }

  @Test
  void more_than_may_wait_are_refused_and_a_caller_with_too_many_is_told_apart() {
    FairQueue queue = queue(1, 1, 3, 2);
    queue.enter("runs", step("runs"));
    queue.enter("flood", step("flood"));
    queue.enter("flood", step("flood"));

    assertThat(refusal(() -> queue.enter("flood", step(""))))
        .isEqualTo(ErrorCode.TOO_MANY_REQUESTS);
    queue.enter("anna", step("anna"));
    for (int i = 0; i < 10; i++) {
      String stranger = "stranger " + i;
      assertThat(refusal(() -> queue.enter(stranger, step("")))).isEqualTo(ErrorCode.OVERLOADED);
    }
    assertThat(queue.figures()).as("nothing is kept of strangers").isEqualTo("1 run, 3 wait, of 3");
    runAll();
    queue.enter("bert", step("bert"));
    runAll();

    assertThat(done).containsExactly("runs", "flood", "anna", "flood", "bert");
    assertThat(queue.figures()).isEqualTo("0 run, 0 wait, of 0");
  }

  @Test
  void an_executor_that_has_ended_refuses_all_that_waits() {
    FairQueue queue = queue(1, 1, 10_000, 10_000);
    for (int i = 0; i < 10_000; i++) {
      queue.enter("caller " + i % 100, step("step"));
    }
    ended = true;

    runAll();

    assertThat(done).hasSize(10_000).startsWith("step", "step refused");
    assertThat(queue.figures()).isEqualTo("0 run, 0 wait, of 0");
  }

  @Test
  void a_step_that_throws_gives_its_place_back() {
    FairQueue queue = queue(1, 1, 10, 10);
    queue.enter(
        "a",
        new FairQueue.Step() {
          @Override
          public void run() {
            throw new IllegalStateException("wrong");
          }

          @Override
          public void refuse(RejectedExecutionException why) {}
        });
    queue.enter("a", step("next"));

    catchThrowableOfType(IllegalStateException.class, () -> threads.remove().run());
    runAll();

    assertThat(done).containsExactly("next");
  }

  @Test
  void it_is_busy_for_whoever_runs_as_much_as_he_may_and_for_all_when_as_many_run_as_may() {
    FairQueue queue = queue(3, 2, 10, 10);
    queue.enter("one", step("1"));
    assertThat(queue.isBusy("one")).isFalse();
    queue.goOn("one", step("2"));
    assertThat(queue.isBusy("one")).isTrue();
    assertThat(queue.isBusy("other")).isFalse();
    queue.enter("other", step("3"));
    assertThat(queue.isBusy("third")).isTrue();
    runAll();
    assertThat(queue.isBusy("one")).isFalse();
  }
}
