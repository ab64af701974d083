package cx.niro.server.internal.outbox;

import cx.niro.core.ChannelId;
import cx.niro.core.protocol.DecodingException;
import cx.niro.server.internal.Platform;
import cx.niro.server.internal.replica.Leases;
import cx.niro.server.internal.replica.Leases.Duty;
import cx.niro.server.spi.ChannelRow;
import cx.niro.server.spi.DeliveryRow;
import cx.niro.server.spi.DeliveryRow.State;
import cx.niro.server.spi.GroupRow;
import cx.niro.server.spi.Notice;
import cx.niro.server.spi.Notifier;
import cx.niro.server.spi.Outcome;
import cx.niro.server.spi.StoreTx;
import cx.niro.server.spi.Stores;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries deliveries to their channels: in order and one at a time for each channel, {@link #TOTAL}
 * at a time together. An attempt is written down when it ended; after a crash in between the same
 * message goes out again under the same id.
 */
final class Courier {
  private static final Logger LOG = LoggerFactory.getLogger(Courier.class);
  private static final int TOTAL = 16;
  private static final int MAX_WHY = 300;
  private static final long CLOSE_SECONDS = 5;

  /** A message takes ten seconds at most. */
  private static final Duration CLAIM = Duration.ofSeconds(12);

  private final Stores stores;
  private final Platform platform;
  private final Map<String, Notifier> notifiers;
  private final Settings settings;
  private final Alarm alarm;
  private final Counters counters = new Counters();
  private final Leases leases;
  private final Set<ChannelId> busy = ConcurrentHashMap.newKeySet();
  private final Semaphore room = new Semaphore(TOTAL);
  private final Semaphore looking = new Semaphore(TOTAL);
  private final Runnable next;
  private volatile boolean closing;

  /**
   * @param next looks for what is due, on the thread of a message that has ended
   */
  Courier(
      Stores stores,
      Platform platform,
      Map<String, Notifier> notifiers,
      Settings settings,
      Alarm alarm,
      Leases leases,
      Runnable next) {
    this.next = next;
    this.leases = leases;
    this.stores = stores;
    this.platform = platform;
    this.notifiers = notifiers;
    this.settings = settings;
    this.alarm = alarm;
  }

  Counters counters() {
    return counters;
  }

  /** Starts what is due; never blocks. */
  void start(List<DeliveryRow> heads) {
    Instant now = platform.now();
    if (closing) {
      return;
    }
    for (DeliveryRow head : heads) {
      if (head.progress().nextAt().isAfter(now)) {
        alarm.by(head.progress().nextAt());
      } else if (take(head.channel())) {
        start(head);
      }
    }
  }

  private void start(DeliveryRow head) {
    try {
      platform
          .senders()
          .execute(
              () -> {
                boolean sent = tryToDeliver(head);
                release(head.channel());
                if (sent) {
                  goOn();
                }
              });
    } catch (RejectedExecutionException e) {
      LOG.warn("the executor refused to send delivery {}", head.id());
      release(head.channel());
    }
  }

  private boolean tryToDeliver(DeliveryRow head) {
    try {
      return deliver(head);
    } catch (RuntimeException e) {
      LOG.warn("delivery {} was not written down and is sent again", head.id(), e);
      return false;
    }
  }

  /** Waiting for the next look would send one message a second. */
  private void goOn() {
    if (!looking.tryAcquire()) {
      return;
    }
    try {
      if (!closing) {
        next.run();
      }
    } catch (RuntimeException e) {
      LOG.warn("the next delivery is looked for a little later", e);
    } finally {
      looking.release();
    }
  }

  /** Something is due that was not before. */
  void wake() {
    alarm.by(platform.now());
  }

  private boolean take(ChannelId channel) {
    if (!busy.add(channel)) {
      return false;
    }
    if (!room.tryAcquire()) {
      busy.remove(channel);
      return false;
    }
    return true;
  }

  private void release(ChannelId channel) {
    busy.remove(channel);
    room.release();
    alarm.by(platform.now());
  }

  /** False where there was nothing to send any more. */
  private boolean deliver(DeliveryRow head) {
    Optional<ChannelRow> channel = stores.inTransaction(tx -> channelOf(tx, head));
    if (channel.isEmpty() || !claim(head)) {
      return false;
    }
    Outcome outcome = attempt(channel.get(), head);
    Instant now = platform.now();
    DeliveryRow after = Backoff.after(head, outcome, now, platform.random().nextDouble());
    stores.inTransaction(tx -> write(tx, after, now));
    counters.count(channel.get(), outcome, after.progress().state());
    log(channel.get(), after, outcome);
    return true;
  }

  /** Of a delivery that is as it was seen: another look may have sent it meanwhile. */
  private static Optional<ChannelRow> channelOf(StoreTx tx, DeliveryRow seen) {
    boolean current =
        tx.notifications().deliveries().find(seen.id()).filter(seen::equals).isPresent();
    return current ? tx.notifications().channels().find(seen.channel()) : Optional.empty();
  }

  /**
   * Whether this server may send it now. Another one, which took the duty over meanwhile, waits
   * with it until this one has certainly written down what came of it, or is gone.
   */
  private boolean claim(DeliveryRow head) {
    if (!leases.isShared()) {
      return true;
    }
    Instant until = platform.now().plus(CLAIM);
    boolean claimed =
        stores.inTransaction(tx -> tx.notifications().deliveries().claim(head, until));
    return claimed && leases.holds(Duty.NOTIFICATIONS);
  }

  private Outcome attempt(ChannelRow channel, DeliveryRow row) {
    if (!channel.enabled()) {
      return Outcome.refused("the channel is disabled");
    }
    try {
      return send(channel, Messages.notice(row));
    } catch (DecodingException e) {
      return Outcome.refused("the stored message cannot be read");
    }
  }

  private static boolean write(StoreTx tx, DeliveryRow after, Instant now) {
    tx.notifications().deliveries().update(after);
    if (after.progress().state() == State.DEAD) {
      tx.notifications()
          .outbox()
          .group(after.channel(), after.groupKey())
          .ifPresent(group -> forget(tx, group, after, now));
    }
    return true;
  }

  /** What never arrived was not told: no end is sent for it, and it is told with the next look. */
  private static void forget(StoreTx tx, GroupRow group, DeliveryRow dead, Instant now) {
    GroupState state = GroupState.parse(group.state()).without(Messages.listed(dead));
    Instant dueAt = now.plus(GroupPlan.REPEAT);
    tx.notifications()
        .outbox()
        .save(
            new GroupRow(
                group.channel(),
                group.groupKey(),
                group.dueAt().isBefore(dueAt) ? group.dueAt() : dueAt,
                state.text()));
  }

  /** Sends at once and tells what came of it; nothing is kept. Blocks. */
  Outcome test(ChannelRow channel, Notice notice) {
    if (!take(channel.id())) {
      return Outcome.retry("a message to this channel is on its way; try again", null);
    }
    try {
      return send(channel, notice);
    } finally {
      release(channel.id());
    }
  }

  private Outcome send(ChannelRow channel, Notice notice) {
    Notifier notifier = notifiers.get(channel.kind());
    if (notifier == null) {
      return Outcome.retry("this server does not know the kind " + channel.kind(), null);
    }
    try {
      Outcome outcome = notifier.send(notice, settings.open(channel));
      return new Outcome(outcome.kind(), cut(outcome.why()), outcome.retryAfter());
    } catch (Settings.SealedException e) {
      return Outcome.retry(String.valueOf(e.getMessage()), null);
    } catch (RuntimeException e) {
      LOG.warn("the notifier of channel {} failed", channel.id(), e);
      return Outcome.retry("the notifier failed: " + e.getClass().getSimpleName(), null);
    }
  }

  private static String cut(String why) {
    return why.length() <= MAX_WHY ? why : why.substring(0, MAX_WHY);
  }

  private static void log(ChannelRow channel, DeliveryRow row, Outcome outcome) {
    if (row.progress().state() == State.DEAD) {
      LOG.warn(
          "delivery {} to channel {} ({}) is dead after {} attempts: {}",
          row.id(),
          channel.id(),
          channel.kind(),
          row.progress().attempts(),
          outcome.why());
    } else {
      LOG.debug("delivery {} to channel {}: {}", row.id(), channel.id(), outcome.kind());
    }
  }

  /** Waits a little for what is on its way; starts nothing more. */
  void close() {
    closing = true;
    try {
      if (!room.tryAcquire(TOTAL, CLOSE_SECONDS, TimeUnit.SECONDS)
          || !looking.tryAcquire(TOTAL, CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("notifications were on their way when the server was closed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
