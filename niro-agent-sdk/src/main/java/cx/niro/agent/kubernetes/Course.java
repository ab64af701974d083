package cx.niro.agent.kubernetes;

import cx.niro.agent.spi.CommandContext;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How long a command may still go on: until its deadline, or until somebody cancels it. Looked at
 * between two objects, never in the midst of a call, so that what became of each is known.
 */
final class Course {
  private final CommandContext context;
  private final LongSupplier nanos;
  private final CountDownLatch cancelled = new CountDownLatch(1);

  Course(CommandContext context, LongSupplier nanos) {
    this.context = context;
    this.nanos = nanos;
    context.onCancel(cancelled::countDown);
  }

  /** Why it must end now; null when it may go on. */
  @Nullable String ending() {
    if (context.isCancelled()) {
      return "it was cancelled";
    }
    boolean late = context.remaining().map(Duration::isZero).orElse(false);
    return late ? "its deadline passed" : null;
  }

  boolean isCancelled() {
    return context.isCancelled();
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
