package cx.niro.server.jdbc;

import cx.niro.server.spi.RetentionStore;
import java.time.Instant;

/**
 * @param transactions runs one and returns when it is durable
 */
record JdbcRetentionStore(Transactions transactions) implements RetentionStore {
  @Override
  public int deleteTimelineBefore(Instant before, int limit) {
    return delete("niro_timeline", "seq", "at < :before ORDER BY at", before, limit);
  }

  @Override
  public int deleteCommandsFinishedBefore(Instant before, int limit) {
    return delete(
        "niro_command", "seq", "finished_at < :before ORDER BY finished_at", before, limit);
  }

  @Override
  public int deleteIncidentsResolvedBefore(Instant before, int limit) {
    return delete(
        "niro_incident", "seq", "resolved_at < :before ORDER BY resolved_at", before, limit);
  }

  @Override
  public int deleteSilencesEndedBefore(Instant before, int limit) {
    return delete("niro_silence", "seq", "ends_at < :before ORDER BY ends_at", before, limit);
  }

  @Override
  public int deleteAuditBefore(Instant before, int limit) {
    return delete("niro_audit", "seq", "at < :before ORDER BY at", before, limit);
  }

  @Override
  public int deleteKeysRevokedBefore(Instant before, int limit) {
    String old = "state = 'REVOKED' AND changed_at < :before ORDER BY changed_at";
    return delete("niro_agent_key", "key_id", old, before, limit);
  }

  private int delete(String table, String key, String old, Instant before, int limit) {
    String sql =
        String.format(
            "DELETE FROM %1$s WHERE %2$s IN (SELECT %2$s FROM %1$s WHERE %3$s LIMIT :limit)",
            table, key, old);
    return transactions.run(
        tx -> tx.handle().createUpdate(sql).bind("before", before).bind("limit", limit).execute());
  }
}
