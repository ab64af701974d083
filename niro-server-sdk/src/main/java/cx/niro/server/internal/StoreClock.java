package cx.niro.server.internal;

import cx.niro.server.spi.Stores;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clock that all servers over the same stores go by: the stores', carried on by elapsed time
 * between two looks at it, or this machine's where the stores have none. A look corrects it by as
 * little as the time that the look took leaves open, so that a slow answer moves nothing.
 */
public final class StoreClock implements InstantSource {
  private static final Logger LOG = LoggerFactory.getLogger(StoreClock.class);
  private static final Duration WORTH_A_WORD = Duration.ofSeconds(2);

  private record Known(Instant at, long nanos) {
    Instant then(long later) {
      return at.plusNanos(later - nanos);
    }
  }

  private final InstantSource machine;
  private final LongSupplier nanos;
  private volatile @Nullable Known known;

  StoreClock(InstantSource machine, LongSupplier nanos) {
    this.machine = machine;
    this.nanos = nanos;
  }

  @Override
  public Instant instant() {
    Known last = known;
    return last == null ? machine.instant() : last.then(nanos.getAsLong());
  }

  /** Looks at the stores' clock. Blocks; one thread at a time. */
  void compare(Stores stores) {
    long before = nanos.getAsLong();
    Instant told = stores.now();
    long after = nanos.getAsLong();
    if (told == null) {
      return;
    }
    Known last = known;
    if (last == null) {
      known = new Known(told.plusNanos((after - before) / 2), after);
      tell(Duration.between(told, machine.instant()));
    } else if (told.isBefore(last.then(before))) {
      known = new Known(last.at().plus(Duration.between(last.then(before), told)), last.nanos());
    } else if (told.isAfter(last.then(after))) {
      known = new Known(last.at().plus(Duration.between(last.then(after), told)), last.nanos());
    }
  }

  private static void tell(Duration ahead) {
    if (ahead.abs().compareTo(WORTH_A_WORD) > 0) {
      LOG.warn(
          "this machine's clock is {} s {} the database's; Niro goes by the database's",
          ahead.abs().toSeconds(),
          ahead.isNegative() ? "behind" : "ahead of");
    }
  }
}
