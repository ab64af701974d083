package cx.niro.server.internal;

import cx.niro.server.ServerOptions;
import cx.niro.server.Silences;
import cx.niro.server.internal.outbox.Notifications;
import cx.niro.server.spi.RetentionStore;
import cx.niro.server.spi.Stores;
import java.time.Duration;
import java.time.Instant;

/** Deletes what is too old, in small pieces. */
final class Retention {
  private static final Duration REVOKED_KEYS = Duration.ofDays(30);

  /** Small, for a command's result may have 1 MiB and a writer keeps others waiting. */
  private static final int PIECE = 200;

  private static final int PIECES = 500;

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
    RetentionStore store = stores.retention();
    inPieces(store::deleteTimelineBefore, now.minus(options.timelineRetention()));
    inPieces(store::deleteCommandsFinishedBefore, now.minus(options.commandRetention()));
    inPieces(store::deleteIncidentsResolvedBefore, now.minus(options.incidentRetention()));
    inPieces(store::deleteAuditBefore, now.minus(options.auditRetention()));
    inPieces(store::deleteSilencesEndedBefore, now.minus(Silences.KEPT));
    inPieces(store::deleteKeysRevokedBefore, now.minus(REVOKED_KEYS));
    inPieces((oldest, limit) -> notifications.clean(limit), now);
  }

  private interface Deletion {
    int before(Instant oldest, int limit);
  }

  private static void inPieces(Deletion deletion, Instant oldest) {
    int deleted = PIECE;
    for (int i = 0; i < PIECES && deleted == PIECE; i++) {
      deleted = deletion.before(oldest, PIECE);
    }
  }
}
