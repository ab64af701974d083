package cx.niro.core.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Time that stands still until {@link #advance} moves it: a wall clock and a nano source that move
 * together, and any number of {@link StepExecutor}s that run their tasks on the way. Any thread may
 * read it; move it from one thread at a time.
 */
public final class ManualTime implements InstantSource {
  /** Where {@link #create} starts. */
  public static final Instant START = Instant.parse("2026-01-05T08:00:00Z");

  private final List<StepExecutor> executors = new ArrayList<>();
  private Instant wall;
  private long nanos = 1_000_000_000L;

  private ManualTime(Instant start) {
    this.wall = start;
  }

  /** Time that stands at {@link #START}. */
  public static ManualTime create() {
    return new ManualTime(START);
  }

  /** Time that stands at {@code start}. */
  public static ManualTime startingAt(Instant start) {
    return new ManualTime(start);
  }

  @Override
  public synchronized Instant instant() {
    return wall;
  }

  /** Elapsed time, never moved by {@link #shiftWallClock}. */
  public synchronized long nanoTime() {
    return nanos;
  }

  /** {@link #nanoTime} as the source that constructors take. */
  public LongSupplier nanos() {
    return this::nanoTime;
  }

  /** An executor whose tasks run inside {@link #advance}. */
  public StepExecutor newExecutor() {
    StepExecutor executor = new StepExecutor(this);
    synchronized (this) {
      executors.add(executor);
    }
    return executor;
  }

  /**
   * Moves time by {@code step} and runs, on the calling thread and in order of their due time, the
   * tasks of all executors that become due, each at exactly its moment. What a task throws leaves
   * this call.
   */
  public void advance(Duration step) {
    if (step.isNegative()) {
      throw new IllegalArgumentException("step must not be negative but was " + step);
    }
    long target = Math.addExact(nanoTime(), step.toNanos());
    StepExecutor.Task<?> next = takeDue(target);
    while (next != null) {
      moveTo(Math.max(nanoTime(), next.dueNanos()));
      next.run();
      next = takeDue(target);
    }
    moveTo(target);
  }

  /** Runs what is due now, without moving time. */
  public void runDue() {
    advance(Duration.ZERO);
  }

  /**
   * Moves the wall clock alone, in either direction, as a clock that is set does; nothing becomes
   * due by it.
   */
  public synchronized void shiftWallClock(Duration shift) {
    wall = wall.plus(shift);
  }

  private synchronized void moveTo(long target) {
    wall = wall.plusNanos(target - nanos);
    nanos = target;
  }

  private StepExecutor.@Nullable Task<?> takeDue(long target) {
    List<StepExecutor> all;
    synchronized (this) {
      all = List.copyOf(executors);
    }
    @Nullable StepExecutor earliest = null;
    long due = Long.MAX_VALUE;
    for (StepExecutor executor : all) {
      long candidate = executor.nextDueNanos();
      if (candidate <= target && candidate < due) {
        earliest = executor;
        due = candidate;
      }
    }
    return earliest == null ? null : earliest.take();
  }
}
