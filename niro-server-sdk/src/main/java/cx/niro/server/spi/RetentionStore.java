package cx.niro.server.spi;

import java.time.Instant;

/**
 * Forgets by age what is over, of all clusters. Each call deletes at most {@code limit} rows, is
 * atomic and durable by itself, and says how many rows it deleted; fewer than {@code limit} means
 * that nothing older is left. Calls block and may come from any thread.
 */
public interface RetentionStore {
  int deleteTimelineBefore(Instant before, int limit);

  /** Commands that ended before; their idempotency keys are free again. */
  int deleteCommandsFinishedBefore(Instant before, int limit);

  /** Incidents that were resolved before. */
  int deleteIncidentsResolvedBefore(Instant before, int limit);

  /** Silences that ended before. */
  int deleteSilencesEndedBefore(Instant before, int limit);

  int deleteAuditBefore(Instant before, int limit);

  /** Agent keys that were revoked before. */
  int deleteKeysRevokedBefore(Instant before, int limit);
}
