package cx.niro.server.internal.outbox;

import cx.niro.core.ChannelId;
import cx.niro.server.Channels;
import cx.niro.server.Metric;
import cx.niro.server.internal.Tally;
import cx.niro.server.spi.ChannelRow;
import cx.niro.server.spi.DeliveryRow.State;
import cx.niro.server.spi.Outcome;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** What came of attempts since the start, together and for each channel that there is. */
final class Counters {
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong dead = new AtomicLong();
  private final Tally attempts =
      new Tally(
          "niro_notification_attempts_total",
          "Attempts to send a notification, by what came of them.",
          "channel",
          "kind",
          "outcome");
  private final Tally given =
      new Tally(
          "niro_notifications_dead_total", "Notifications that were given up.", "channel", "kind");

  void count(ChannelRow channel, Outcome outcome, State state) {
    boolean arrived = outcome.kind() == Outcome.Kind.SENT;
    (arrived ? sent : failed).incrementAndGet();
    String id = channel.id().value();
    attempts.count(id, channel.kind(), arrived ? "sent" : "failed");
    if (state == State.DEAD) {
      dead.incrementAndGet();
      given.count(id, channel.kind());
    }
  }

  void forget(ChannelId channel) {
    attempts.forget(channel.value());
    given.forget(channel.value());
  }

  Channels.Counts now() {
    return new Channels.Counts(sent.get(), failed.get(), dead.get());
  }

  List<Metric> metrics() {
    return List.of(attempts.metric(), given.metric());
  }
}
