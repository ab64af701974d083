package cx.niro.server.internal;

import cx.niro.core.ClusterId;
import cx.niro.core.ErrorCode;
import cx.niro.core.RetryLaterException;
import cx.niro.server.spi.Stores;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Re-reads every 500 ms which keys were revoked, by time with an overlap, so that a key dies here
 * within a second of its revocation on another replica. When the store could not be read for 5 s
 * nobody can say who still has a key, and agents are asked to come back later.
 */
final class RevocationWatch {
  static final Duration PERIOD = Duration.ofMillis(500);
  private static final Duration OVERLAP = Duration.ofSeconds(10);
  private static final Duration LONGEST_BLINDNESS = Duration.ofSeconds(5);

  private final Stores stores;
  private final Platform platform;
  private final AgentKeys keys;
  private final Consumer<ClusterId> onRevoked;
  private final AtomicBoolean reading = new AtomicBoolean();
  private volatile Instant readUpTo;
  private volatile long readAtNanos;

  RevocationWatch(Stores stores, Platform platform, AgentKeys keys, Consumer<ClusterId> onRevoked) {
    this.stores = stores;
    this.platform = platform;
    this.keys = keys;
    this.onRevoked = onRevoked;
    this.readUpTo = platform.now();
    this.readAtNanos = platform.nanos().getAsLong();
  }

  void begin() {
    readUpTo = platform.now();
    readAtNanos = platform.nanos().getAsLong();
  }

  /** Blocks; one pass at a time. */
  void read() {
    if (!reading.compareAndSet(false, true)) {
      return;
    }
    try {
      Instant now = platform.now();
      long startedAt = platform.nanos().getAsLong();
      List<String> revoked =
          stores.inTransaction(tx -> tx.keys().revokedSince(readUpTo.minus(OVERLAP)));
      revoked(revoked);
      readUpTo = now;
      readAtNanos = startedAt;
    } finally {
      reading.set(false);
    }
  }

  /** Marks keys dead here and ends what waits with them. */
  void revoked(Collection<String> keyIds) {
    keys.markRevoked(keyIds).stream().distinct().forEach(onRevoked);
  }

  /** Whether the store could be read lately. */
  boolean hasSight() {
    return blind() <= LONGEST_BLINDNESS.toNanos();
  }

  private long blind() {
    return platform.nanos().getAsLong() - readAtNanos;
  }

  void requireSight() {
    long blind = blind();
    if (blind > LONGEST_BLINDNESS.toNanos()) {
      throw new RetryLaterException(
          ErrorCode.OVERLOADED,
          "revoked keys could not be read for " + Duration.ofNanos(blind).toSeconds() + " s");
    }
  }
}
