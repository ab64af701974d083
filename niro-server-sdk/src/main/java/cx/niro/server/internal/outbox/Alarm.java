package cx.niro.server.internal.outbox;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** When to look into the store next, so that a quiet fleet costs no transactions. */
public final class Alarm {
  /** For marks of other replicas, and for one whose transaction took longer than {@link #SOON}. */
  private static final Duration LATEST = Duration.ofSeconds(30);

  private static final Duration SOON = Duration.ofSeconds(2);

  private final AtomicLong millis = new AtomicLong(Long.MIN_VALUE);

  /** Looks by then at the latest. */
  void by(Instant when) {
    millis.accumulateAndGet(when.toEpochMilli(), Math::min);
  }

  /** A mark is being written. */
  public void soon(Instant now) {
    by(now.plus(SOON));
  }

  /** Whether it is time; then it is set anew. */
  boolean rings(Instant now) {
    long set = millis.get();
    return set <= now.toEpochMilli() && millis.compareAndSet(set, now.plus(LATEST).toEpochMilli());
  }
}
