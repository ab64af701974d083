package cx.niro.agent.internal;

import cx.niro.agent.spi.CommandContext;
import cx.niro.agent.spi.CommandHandler;
import cx.niro.agent.spi.CommandOutcome;
import cx.niro.core.CommandId;
import cx.niro.core.protocol.CommandOffer;
import cx.niro.core.protocol.RawJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One command on its way through a handler: runs on a worker, is cancelled from the command lane.
 * The lock guards who is to be interrupted and what is to be told; nothing is called while it is
 * held.
 */
final class RunningCommand implements CommandContext {
  private static final Logger log = LoggerFactory.getLogger(RunningCommand.class);

  private final CommandOffer offer;
  private final LongSupplier nanos;
  private final @Nullable Long deadlineNanos;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Object lock = new Object();
  private final List<Runnable> onCancel = new ArrayList<>(); // guarded by lock
  private @Nullable Thread runner; // guarded by lock
  private boolean begun; // guarded by lock
  private boolean cancelled; // guarded by lock

  RunningCommand(CommandOffer offer, LongSupplier nanos) {
    this.offer = offer;
    this.nanos = nanos;
    Long seconds = offer.remainingSeconds();
    deadlineNanos =
        seconds == null
            ? null
            : Long.valueOf(nanos.getAsLong() + Duration.ofSeconds(seconds).toNanos());
  }

  /** On the worker: false when it was cancelled before, and is not to be run. */
  boolean begin() {
    synchronized (lock) {
      begun = !cancelled;
      runner = begun ? Thread.currentThread() : null;
      return begun;
    }
  }

  /** What came of it; runs on the worker that has begun it. */
  CommandOutcome run(CommandHandler handler) {
    try {
      return Objects.requireNonNull(handler.handle(this), "the handler's outcome");
    } catch (Exception | LinkageError | StackOverflowError e) {
      return failed(e);
    } finally {
      synchronized (lock) {
        runner = null;
      }
      // An interrupt that came too late for the handler must not meet the worker's next task.
      Thread.interrupted();
      ended.countDown();
    }
  }

  private CommandOutcome failed(Throwable e) {
    String said = e.getMessage();
    String reason = e.getClass().getSimpleName() + (said == null ? "" : ": " + said);
    if (isCancelled()) {
      return CommandOutcome.cancelled("stopped by " + reason);
    }
    log.warn("The handler of {} failed on command {}", kind(), id(), e);
    return CommandOutcome.failed(reason);
  }

  boolean isOverdue() {
    return deadlineNanos != null && nanos.getAsLong() - deadlineNanos >= 0;
  }

  /** Asks the handler to stop; true when it never began, and now never will; from any thread. */
  boolean cancel() {
    List<Runnable> told;
    boolean never;
    synchronized (lock) {
      never = !begun;
      if (cancelled) {
        return never;
      }
      cancelled = true;
      told = List.copyOf(onCancel);
      if (runner != null) {
        runner.interrupt();
      }
    }
    told.forEach(RunningCommand::tell);
    return never;
  }

  private static void tell(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      log.warn("What a handler wanted run on cancelling failed", e);
    }
  }

  CountDownLatch ended() {
    return ended;
  }

  @Override
  public CommandId id() {
    return offer.id();
  }

  @Override
  public String kind() {
    return offer.kind();
  }

  @Override
  public RawJson payload() {
    return offer.payload();
  }

  @Override
  public int attempt() {
    return offer.attempt();
  }

  @Override
  public Optional<Duration> remaining() {
    return Optional.ofNullable(deadlineNanos)
        .map(deadline -> Duration.ofNanos(Math.max(0, deadline - nanos.getAsLong())));
  }

  @Override
  public boolean isCancelled() {
    synchronized (lock) {
      return cancelled;
    }
  }

  @Override
  public void onCancel(Runnable action) {
    synchronized (lock) {
      if (!cancelled) {
        onCancel.add(action);
        return;
      }
    }
    tell(action);
  }
}
