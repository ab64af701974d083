package cx.niro.server.internal.outbox;

import cx.niro.server.Channels;
import cx.niro.server.Metric;
import cx.niro.server.internal.Platform;
import cx.niro.server.internal.replica.Leases;
import cx.niro.server.internal.replica.Leases.Duty;
import cx.niro.server.spi.GroupRow;
import cx.niro.server.spi.Notifier;
import cx.niro.server.spi.StoreTx;
import cx.niro.server.spi.Stores;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** Looks for what has to be told and sends it. */
public final class Notifications implements AutoCloseable {
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);
  private static final Duration KEPT = Duration.ofDays(7);
  private static final int GROUPS = 50;
  private static final int ROUNDS = 20;
  private static final int HEADS = 200;

  /** Characters of a group's state; some hundred clusters. */
  private static final int LARGE = 50_000;

  private final Stores stores;
  private final Platform platform;
  private final Silences silences;
  private final Homes homes;
  private final Courier courier;
  private final Channels channels;
  private final Alarm alarm;
  private final Leases leases;
  private final AtomicBoolean looking = new AtomicBoolean();

  public Notifications(
      Stores stores,
      Platform platform,
      Map<String, Notifier> notifiers,
      Sealer sealer,
      Silences silences,
      Alarm alarm,
      Targets targets,
      Leases leases) {
    this.leases = leases;
    this.homes = targets.homes();
    this.stores = stores;
    this.platform = platform;
    this.alarm = alarm;
    this.silences = silences;
    Settings settings = new Settings(sealer);
    this.courier = new Courier(stores, platform, notifiers, settings, alarm, leases, this::tick);
    this.channels =
        new ChannelDesk(
            stores, platform, new ChannelDesk.Means(notifiers, settings, courier, targets));
  }

  public Channels channels() {
    return channels;
  }

  public List<Metric> metrics() {
    return courier.counters().metrics();
  }

  /** Blocks for the store when there may be something to do; one look at a time. */
  public void tick() {
    if (!looking.compareAndSet(false, true)) {
      return;
    }
    try {
      if (leases.holds(Duty.NOTIFICATIONS) && alarm.rings(platform.now())) {
        look();
      }
    } finally {
      looking.set(false);
    }
  }

  /** Another server may have written something that is to be told. */
  public void wake() {
    alarm.by(platform.now());
  }

  private void look() {
    boolean done = false;
    try {
      for (int i = 0; i < ROUNDS && stores.inTransaction(tx -> Grouping.route(tx, homes)); i++) {
        alarm.by(platform.now());
      }
      for (int i = 0; i < ROUNDS && stores.inTransaction(this::tell); i++) {
        alarm.by(platform.now());
      }
      courier.start(stores.inTransaction(tx -> tx.notifications().deliveries().heads(HEADS)));
      done = true;
    } finally {
      if (!done) {
        alarm.by(platform.now().plus(AFTER_FAILURE));
      }
    }
  }

  /**
   * Whether there may be more. A large group has a transaction of its own, in which it is read
   * before anything is written, so that others can write meanwhile.
   */
  private boolean tell(StoreTx tx) {
    Instant now = platform.now();
    List<GroupRow> next = tx.notifications().outbox().nextGroups(GROUPS);
    boolean first = true;
    for (GroupRow group : next) {
      if (group.dueAt().isAfter(now)) {
        alarm.by(group.dueAt());
        return false;
      }
      boolean large = group.state().length() > LARGE;
      if (first || !large) {
        Telling.look(tx, platform, silences, group);
      }
      if (large) {
        return true;
      }
      first = false;
    }
    return next.size() == GROUPS;
  }

  /** Deletes at most {@code limit} old deliveries and says how many. */
  public int clean(int limit) {
    Instant oldest = platform.now().minus(KEPT);
    return stores.inTransaction(
        tx -> tx.notifications().deliveries().deleteFinishedBefore(oldest, limit));
  }

  /** Waits a little for what is on its way. */
  @Override
  public void close() {
    courier.close();
  }
}
