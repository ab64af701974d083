package cx.niro.server.http;

import cx.niro.core.ErrorCode;
import cx.niro.core.RetryLaterException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests of one kind on their way to the executor: so many at a time, of each caller so many, and
 * the others wait. Callers take turns, so that one who asks a thousand times is no further than one
 * who asks once. The monitor is held for queue operations and never during a call.
 */
final class FairQueue {
  private static final Logger LOG = LoggerFactory.getLogger(NiroHandler.class);

  /** A part of a request that holds a thread. */
  interface Step extends Runnable {
    /** Instead of {@link #run}, when the executor takes nothing any more. */
    void refuse(RejectedExecutionException why);
  }

  /**
   * How many steps run and how many wait, in all and of one caller.
   *
   * @param waiting counts what enters only; what goes on was let in before
   */
  record Limits(int running, int runningOfOne, int waiting, int waitingOfOne) {}

  private final String name;
  private final Limits limits;
  private final Executor executor;
  private final Map<String, Turn> callers = new HashMap<>();

  /** Whoever has something waiting and may run more of it; empty while fewer run than may. */
  private final Queue<Turn> ready = new ArrayDeque<>();

  private int running;
  private int entering;
  private boolean full;

  FairQueue(String name, Limits limits, Executor executor) {
    this.name = name;
    this.limits = limits;
    this.executor = executor;
  }

  /**
   * The first step of a request.
   *
   * @throws RetryLaterException when as many wait as may
   */
  void enter(String caller, Step step) {
    submit(caller, step, true);
  }

  /** A further step of a request that was let in; it comes before those that enter. */
  void goOn(String caller, Step step) {
    submit(caller, step, false);
  }

  /** Whether as many steps run as may, in all or of this caller, so that his next would wait. */
  synchronized boolean isBusy(String caller) {
    Turn turn = callers.get(caller);
    return running >= limits.running() || (turn != null && !turn.mayRunNow());
  }

  /** How many steps run, how many requests wait to be let in, and of how many callers they are. */
  synchronized String figures() {
    return running + " run, " + entering + " wait, of " + callers.size();
  }

  private record Due(Turn turn, Step step) {}

  private void submit(String caller, Step step, boolean enters) {
    Due due;
    synchronized (this) {
      Turn turn = callers.computeIfAbsent(caller, Turn::new);
      if (running >= limits.running() || !turn.mayRunNow()) {
        keep(turn, step, enters);
        return;
      }
      due = begun(turn, step);
    }
    execute(due);
  }

  private void keep(Turn turn, Step step, boolean enters) {
    if (enters) {
      try {
        requireRoom(turn);
      } catch (RetryLaterException e) {
        forgetIfIdle(turn);
        throw e;
      }
      entering++;
    }
    turn.keep(step, enters);
    if (turn.waiting() == 1 && turn.running < limits.runningOfOne()) {
      ready.add(turn);
    }
  }

  private void requireRoom(Turn turn) {
    if (turn.entering.size() >= limits.waitingOfOne()) {
      throw new RetryLaterException(
          ErrorCode.TOO_MANY_REQUESTS,
          "as many requests of this caller wait as may: " + limits.waitingOfOne());
    }
    if (entering >= limits.waiting()) {
      if (!full) {
        full = true;
        LOG.warn("{} {} wait, which is the limit; more are refused", entering, name);
      }
      throw new RetryLaterException(
          ErrorCode.OVERLOADED, "as many " + name + " wait as may: " + limits.waiting());
    }
  }

  private Due begun(Turn turn, Step step) {
    running++;
    turn.running++;
    return new Due(turn, step);
  }

  private void execute(Due first) {
    @Nullable Due due = first;
    while (due != null) {
      Due now = due;
      due = null;
      try {
        executor.execute(() -> run(now));
      } catch (RejectedExecutionException e) {
        due = ended(now.turn());
        now.step().refuse(e);
      }
    }
  }

  private void run(Due due) {
    try {
      due.step().run();
    } finally {
      Due next = ended(due.turn());
      if (next != null) {
        execute(next);
      }
    }
  }

  /** Makes room; what may run now instead, or null. */
  private synchronized @Nullable Due ended(Turn turn) {
    running--;
    turn.running--;
    forgetIfIdle(turn);
    if (turn.waiting() > 0 && turn.running == limits.runningOfOne() - 1) {
      ready.add(turn);
    }
    return next();
  }

  private void forgetIfIdle(Turn turn) {
    if (turn.running == 0 && turn.waiting() == 0) {
      callers.remove(turn.caller);
    }
  }

  private @Nullable Due next() {
    Turn turn = ready.poll();
    if (turn == null) {
      return null;
    }
    Step step = turn.goingOn.poll();
    if (step == null) {
      step = turn.entering.remove();
      entering--;
      full &= entering > limits.waiting() / 2;
    }
    Due due = begun(turn, step);
    if (turn.waiting() > 0 && turn.running < limits.runningOfOne()) {
      ready.add(turn);
    }
    return due;
  }

  /** What one caller has under way; there while he has anything. */
  private final class Turn {
    private final String caller;
    private final Queue<Step> goingOn = new ArrayDeque<>(2);
    private final Queue<Step> entering = new ArrayDeque<>(2);
    private int running;

    Turn(String caller) {
      this.caller = caller;
    }

    int waiting() {
      return goingOn.size() + entering.size();
    }

    boolean mayRunNow() {
      return waiting() == 0 && running < limits.runningOfOne();
    }

    void keep(Step step, boolean enters) {
      (enters ? entering : goingOn).add(step);
    }
  }
}
