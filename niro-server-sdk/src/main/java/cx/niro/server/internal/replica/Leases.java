package cx.niro.server.internal.replica;

import cx.niro.server.internal.Platform;
import cx.niro.server.internal.replica.LeasePlan.Change;
import cx.niro.server.spi.LeaseRow;
import cx.niro.server.spi.StoreTx;
import cx.niro.server.spi.Stores;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this server has for the next seconds: that it counts as alive, and the duties that one
 * server at a time does. Whether it still has them is asked of elapsed time alone, so that a
 * process that was stopped knows when it goes on that it has lost them. A server that shares its
 * stores with nobody has everything always.
 */
public final class Leases {
  private static final Logger LOG = LoggerFactory.getLogger(Leases.class);

  /** How often they are renewed. */
  public static final Duration PERIOD = Duration.ofSeconds(1);

  /** When they end after that, and others take over with their next look. */
  public static final Duration LENGTH = Duration.ofSeconds(10);

  /** What one server at a time does for all. */
  public enum Duty {
    /** Looks at clusters that none of the servers hears, and at commands that were forgotten. */
    SILENCE,
    NOTIFICATIONS,
    RETENTION;

    String leaseName() {
      return "duty/" + name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What came of a renewal.
   *
   * @param lapsed whether this server did not count as alive right before
   * @param upTo whatever the other servers heard until then is stored
   * @param listeningSince since when one of the servers has heard agents without a gap
   */
  public record Renewal(boolean lapsed, Instant upTo, Instant listeningSince) {}

  private record Held(long untilNanos, Set<Duty> duties) {}

  private final Stores stores;
  private final Platform platform;
  private final String me;
  private volatile Held held;

  /** Of a server by this name. */
  public Leases(Stores stores, Platform platform, String me) {
    this.stores = stores;
    this.platform = platform;
    this.me = me;
    this.held = new Held(platform.nanos().getAsLong(), Set.of());
  }

  /** Whether there may be other servers. */
  public boolean isShared() {
    return stores.isShared();
  }

  /** Whether others count this server among those that live. */
  public boolean isAlive() {
    return !isShared() || isCurrent(held);
  }

  /** Whether this is the server that does it now. */
  public boolean holds(Duty duty) {
    Held now = held;
    return !isShared() || (isCurrent(now) && now.duties().contains(duty));
  }

  private boolean isCurrent(Held now) {
    return platform.nanos().getAsLong() - now.untilNanos() < 0;
  }

  /**
   * Renews what it has and takes what nobody has; blocks, one thread at a time.
   *
   * @param flushedUpTo whatever this server heard up to then is stored
   */
  public Renewal renew(Instant listeningSince, Instant flushedUpTo) {
    boolean lapsed = !isAlive();
    long until = platform.nanos().getAsLong() + LENGTH.toNanos();
    Instant now = platform.now();
    Instant since = lapsed ? now : listeningSince;
    LeaseRow mine = LeasePlan.alive(me, now.plus(LENGTH), since, flushedUpTo);
    Set<Duty> duties = EnumSet.noneOf(Duty.class);
    LeasePlan plan =
        stores.inTransaction(
            tx -> {
              duties.clear();
              LeasePlan made = LeasePlan.of(tx.replicas().leases(), mine, now);
              write(tx, made, duties);
              return made;
            });
    Set<Duty> before = held.duties();
    held = new Held(until, Set.copyOf(duties));
    if (!before.equals(duties)) {
      LOG.info("this server, {}, does {} for all that share its database", me, duties);
    }
    return new Renewal(lapsed, plan.sight().upTo(), plan.sight().listeningSince());
  }

  private static void write(StoreTx tx, LeasePlan plan, Set<Duty> duties) {
    for (Change change : plan.changes()) {
      boolean got = tx.replicas().putLease(change.seen(), change.next());
      if (got && change.duty() != null) {
        duties.add(change.duty());
      }
    }
    plan.gone().forEach(tx.replicas()::dropLeases);
  }

  /** Leaves everything to the others at once. Blocks. */
  public void release() {
    if (isShared()) {
      held = new Held(platform.nanos().getAsLong(), Set.of());
      stores.inTransaction(
          tx -> {
            tx.replicas().dropLeases(me);
            return true;
          });
    }
  }
}
