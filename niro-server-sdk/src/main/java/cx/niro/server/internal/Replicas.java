package cx.niro.server.internal;

import cx.niro.server.internal.replica.Leases;
import cx.niro.server.internal.replica.Leases.Duty;
import cx.niro.server.spi.Stores;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this server's place among those over the same stores: once a second it looks at the stores'
 * clock, writes down what it heard, renews its leases and takes over what the others have heard.
 * Only then does silence count any further: up to where everybody's knowledge is here.
 */
final class Replicas {
  private static final Logger LOG = LoggerFactory.getLogger(Replicas.class);

  /** Inventory may be stored a little later than that its cluster was seen. */
  private static final Duration LATE = Duration.ofSeconds(5);

  private static final Duration TOUCHES_KEPT = Duration.ofMinutes(1);
  private static final int MOST = 10_000;
  private static final int CLEANED_EVERY = 10;

  private final Sharing sharing;
  private final Platform platform;
  private final LiveClusters clusters;
  private final WriteBehind writeBehind;
  private Instant readUpTo = Instant.EPOCH;
  private int renewals;
  private volatile @Nullable AutoCloseable hearing;

  Replicas(Sharing sharing, Platform platform, LiveClusters clusters, WriteBehind writeBehind) {
    this.sharing = sharing;
    this.platform = platform;
    this.clusters = clusters;
    this.writeBehind = writeBehind;
  }

  /** Looks at the stores' clock, before anything else is done. Blocks. */
  void begin() {
    platform.clock().compare(sharing.given());
  }

  /** Blocks; one pass at a time. */
  void renew() {
    Stores stores = sharing.given();
    Leases leases = sharing.leases();
    begin();
    Listening listening = clusters.listening();
    flush();
    Leases.Renewal renewal = leases.renew(listening.since(), writeBehind.flushedUpTo());
    // In this order: what is read now has everything up to the moment that was read before.
    Instant since = readUpTo;
    stores.inventory().seenSince(since).forEach(clusters::seenElsewhere);
    if (!since.equals(Instant.EPOCH)) {
      stores.inventory().receivedSince(since.minus(LATE)).forEach(clusters::toldElsewhere);
    }
    listening.agree(renewal.upTo(), renewal.listeningSince(), renewal.lapsed());
    readUpTo = renewal.upTo();
    if (leases.holds(Duty.RETENTION) && renewals++ % CLEANED_EVERY == 0) {
      Instant old = platform.now().minus(TOUCHES_KEPT);
      stores.inTransaction(tx -> tx.replicas().forgetTouchesBefore(old, MOST));
    }
  }

  /** What cannot be written is reported by the timer that writes; it only keeps silence waiting. */
  private void flush() {
    try {
      writeBehind.flush();
    } catch (RuntimeException e) {
      LOG.debug("not everything that was heard is stored yet", e);
    }
  }

  /** Has {@code look} run when another server says that it wrote something. */
  void listen(Runnable look) {
    hearing =
        sharing
            .signals()
            .listen(
                from -> {
                  if (!from.equals(sharing.me())) {
                    look.run();
                  }
                });
  }

  void stopListening() {
    AutoCloseable open = hearing;
    try {
      if (open != null) {
        open.close();
      }
    } catch (Exception e) {
      throw new IllegalStateException("signals could not be closed", e);
    }
  }
}
