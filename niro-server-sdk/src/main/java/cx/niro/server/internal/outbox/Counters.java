package cx.niro.server.internal.outbox;

import cx.niro.server.Channels;
import cx.niro.server.spi.DeliveryRow.State;
import cx.niro.server.spi.Outcome;
import java.util.concurrent.atomic.AtomicLong;

/** What came of attempts since the start. */
final class Counters {
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong dead = new AtomicLong();

  void count(Outcome outcome, State state) {
    (outcome.kind() == Outcome.Kind.SENT ? sent : failed).incrementAndGet();
    if (state == State.DEAD) {
      dead.incrementAndGet();
    }
  }

  Channels.Counts now() {
    return new Channels.Counts(sent.get(), failed.get(), dead.get());
  }
}
