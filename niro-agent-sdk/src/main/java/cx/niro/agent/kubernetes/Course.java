package cx.niro.agent.kubernetes;

import cx.niro.agent.spi.CommandContext;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How long a command may still go on: until its deadline, or until somebody cancels it. Looked at
 * between two objects, never in the midst of a call, so that what became of each is known.
 */
final class Course {
  private final BooleanSupplier isCancelled;
  private final Supplier<Optional<Duration>> remaining;
  private final LongSupplier nanos;
  private final CountDownLatch cancelled = new CountDownLatch(1);

  private Course(
      BooleanSupplier isCancelled, Supplier<Optional<Duration>> remaining, LongSupplier nanos) {
    this.isCancelled = isCancelled;
    this.remaining = remaining;
    this.nanos = nanos;
  }

  static Course of(CommandContext context, LongSupplier nanos) {
    Course course = new Course(context::isCancelled, context::remaining, nanos);
    context.onCancel(course.cancelled::countDown);
    return course;
  }

  /** Of work that is not worth a second try: the next round comes by itself. */
  static Course once(LongSupplier nanos) {
    return new Course(() -> false, () -> Optional.of(Duration.ZERO), nanos);
  }

  /** Why it must end now; null when it may go on. */
  @Nullable String ending() {
    if (isCancelled()) {
      return "it was cancelled";
    }
    boolean late = remaining.get().map(Duration::isZero).orElse(false);
    return late ? "its deadline passed" : null;
  }

  boolean isCancelled() {
    return isCancelled.getAsBoolean();
  }

  /** Waits so long, or until it is cancelled. */
  void pause(long millis) {
    try {
      var unused = cancelled.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A point in time for {@link #isBefore}. */
  long in(Duration span) {
    return nanos.getAsLong() + span.toNanos();
  }

  boolean isBefore(long point) {
    return nanos.getAsLong() - point < 0 && ending() == null;
  }
}
