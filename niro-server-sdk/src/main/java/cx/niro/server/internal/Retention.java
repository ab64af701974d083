package cx.niro.server.internal;

import cx.niro.server.ServerOptions;
import cx.niro.server.internal.outbox.Notifications;
import cx.niro.server.spi.Stores;
import java.time.Duration;
import java.time.Instant;

/** Deletes what is too old, in small pieces. */
final class Retention {
  private static final Duration REVOKED_KEYS = Duration.ofDays(30);
  private static final int PIECE = 1000;
  private static final int PIECES = 100;

  private final Stores stores;
  private final ServerOptions options;
  private final Platform platform;
  private final Notifications notifications;

  Retention(Stores stores, ServerOptions options, Platform platform, Notifications notifications) {
    this.notifications = notifications;
    this.stores = stores;
    this.options = options;
    this.platform = platform;
  }

  void clean() {
    Instant now = platform.now();
    Instant oldest = now.minus(options.timelineRetention());
    int deleted = PIECE;
    for (int i = 0; i < PIECES && deleted == PIECE; i++) {
      deleted = stores.inTransaction(tx -> tx.timeline().deleteBefore(oldest, PIECE));
    }
    deleted = PIECE;
    for (int i = 0; i < PIECES && deleted == PIECE; i++) {
      deleted = notifications.clean(PIECE);
    }
    stores.inTransaction(tx -> tx.keys().deleteRevokedBefore(now.minus(REVOKED_KEYS)));
  }
}
