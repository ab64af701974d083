package cx.niro.core.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An executor without threads: tasks wait until {@link ManualTime#advance} reaches their moment and
 * then run on the thread that moves time, ordered by due time and, within one moment, by
 * submission. Even {@link #execute} waits for the next {@code advance} or {@link #runDue}. Any
 * thread may submit.
 */
public final class StepExecutor extends AbstractExecutorService
    implements ScheduledExecutorService {
  private final ManualTime time;
  private final PriorityQueue<Task<?>> waiting =
      new PriorityQueue<>(
          Comparator.<Task<?>>comparingLong(Task::dueNanos).thenComparingLong(task -> task.number));
  private long submitted;
  private boolean shutdown;

  StepExecutor(ManualTime time) {
    this.time = time;
  }

  /** Runs what is due now, in this and in every other executor of the same time. */
  public void runDue() {
    time.runDue();
  }

  /** How many tasks wait, repeating ones included. */
  public synchronized int waiting() {
    return waiting.size();
  }

  /** How long until the next task is due; null when none waits. */
  public synchronized @Nullable Duration untilNext() {
    Task<?> next = waiting.peek();
    return next == null ? null : Duration.ofNanos(Math.max(0, next.dueNanos() - time.nanoTime()));
  }

  synchronized long nextDueNanos() {
    Task<?> next = waiting.peek();
    return next == null ? Long.MAX_VALUE : next.dueNanos();
  }

  synchronized @Nullable Task<?> take() {
    return waiting.poll();
  }

  @Override
  public void execute(Runnable command) {
    enqueue(new Task<>(Executors.callable(command), command, 0, 0));
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
    return enqueue(new Task<>(Executors.callable(command), null, unit.toNanos(delay), 0));
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
    return enqueue(new Task<>(callable, null, unit.toNanos(delay), 0));
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable command, long initialDelay, long period, TimeUnit unit) {
    long nanos = positive(unit.toNanos(period));
    return enqueue(
        new Task<>(Executors.callable(command), null, unit.toNanos(initialDelay), nanos));
  }

  /** Tasks take no time here, so this is {@link #scheduleAtFixedRate}. */
  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable command, long initialDelay, long delay, TimeUnit unit) {
    return scheduleAtFixedRate(command, initialDelay, delay, unit);
  }

  private static long positive(long period) {
    if (period <= 0) {
      throw new IllegalArgumentException("the period must be positive");
    }
    return period;
  }

  private synchronized <V> Task<V> enqueue(Task<V> task) {
    if (shutdown) {
      throw new RejectedExecutionException("this executor was shut down");
    }
    task.number = submitted++;
    waiting.add(task);
    return task;
  }

  private synchronized void enqueueAgain(Task<?> task) {
    if (!shutdown && !task.isCancelled()) {
      task.number = submitted++;
      waiting.add(task);
    }
  }

  private synchronized void forget(Task<?> task) {
    waiting.remove(task);
  }

  /** Takes nothing new and drops what is not due yet; what is due runs with the next step. */
  @Override
  public synchronized void shutdown() {
    shutdown = true;
    long now = time.nanoTime();
    List<Task<?>> later = waiting.stream().filter(task -> task.dueNanos() > now).toList();
    later.forEach(task -> task.cancel(false));
  }

  @Override
  public synchronized List<Runnable> shutdownNow() {
    shutdown = true;
    List<Runnable> dropped = new ArrayList<>(waiting);
    waiting.clear();
    return dropped;
  }

  @Override
  public synchronized boolean isShutdown() {
    return shutdown;
  }

  @Override
  public synchronized boolean isTerminated() {
    return shutdown && waiting.isEmpty();
  }

  /** Runs what is due and returns at once. */
  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    runDue();
    return isTerminated();
  }

  final class Task<V> extends FutureTask<V> implements ScheduledFuture<V> {
    private final @Nullable Runnable plain;
    private final long periodNanos;
    private long dueNanos;
    private long number;

    /** {@code plain}, when given, runs bare, so that what it throws is seen by the test. */
    private Task(
        Callable<V> callable, @Nullable Runnable plain, long delayNanos, long periodNanos) {
      super(callable);
      this.plain = plain;
      this.periodNanos = periodNanos;
      this.dueNanos = time.nanoTime() + Math.max(0, delayNanos);
    }

    long dueNanos() {
      return dueNanos;
    }

    @Override
    public void run() {
      if (plain != null) {
        plain.run();
      } else if (periodNanos == 0) {
        super.run();
      } else if (runAndReset()) {
        dueNanos += periodNanos;
        enqueueAgain(this);
      }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      forget(this);
      return super.cancel(mayInterruptIfRunning);
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(dueNanos - time.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }
  }
}
