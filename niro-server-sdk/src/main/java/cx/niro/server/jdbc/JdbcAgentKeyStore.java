package cx.niro.server.jdbc;

import cx.niro.core.ClusterId;
import cx.niro.server.spi.AgentKeyStore;
import cx.niro.server.spi.KeyRow;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

record JdbcAgentKeyStore(Handle handle) implements AgentKeyStore {
  private static final String INSERT =
      """
      INSERT INTO niro_agent_key (key_id, cluster, hash, state, request_id_hash, created_at, changed_at)
      VALUES (:keyId, :cluster, :hash, :state, :requestIdHash, :createdAt, :changedAt)
      """;

  /** In one order, for two who make different ones current would wait for each other. */
  private static final String LOCK =
      """
      SELECT key_id FROM niro_agent_key WHERE cluster = (SELECT k.cluster FROM niro_agent_key k WHERE k.key_id = :keyId)
      ORDER BY key_id FOR UPDATE
      """;

  private static final String MAKE_CURRENT =
      "UPDATE niro_agent_key SET state = 'CURRENT', changed_at = :now WHERE key_id = :keyId AND state = 'CANDIDATE'";
  private static final String REVOKE_OTHERS =
      """
      UPDATE niro_agent_key SET state = 'REVOKED', changed_at = :now
      WHERE state <> 'REVOKED' AND key_id <> :keyId
        AND cluster = (SELECT k.cluster FROM niro_agent_key k WHERE k.key_id = :keyId)
      """;

  @Override
  public void insert(KeyRow candidate) {
    handle.createUpdate(INSERT).bindMethods(candidate).execute();
  }

  @Override
  public Optional<KeyRow> findByKeyId(String keyId) {
    return handle
        .createQuery("SELECT * FROM niro_agent_key WHERE key_id = :keyId")
        .bind("keyId", keyId)
        .mapTo(KeyRow.class)
        .findOne();
  }

  @Override
  public List<KeyRow> live(ClusterId cluster) {
    return handle
        .createQuery(
            "SELECT * FROM niro_agent_key WHERE cluster = :cluster AND state <> 'REVOKED' ORDER BY created_at, key_id")
        .bind("cluster", cluster)
        .mapTo(KeyRow.class)
        .list();
  }

  @Override
  public boolean makeCurrent(String keyId, Instant now) {
    handle.createQuery(LOCK).bind("keyId", keyId).mapTo(String.class).list();
    boolean mine =
        handle.createUpdate(MAKE_CURRENT).bind("keyId", keyId).bind("now", now).execute() == 1;
    if (mine) {
      handle.createUpdate(REVOKE_OTHERS).bind("keyId", keyId).bind("now", now).execute();
    }
    return mine;
  }

  @Override
  public void revokeCandidates(ClusterId cluster, Instant madeBefore, Instant now) {
    handle
        .createUpdate(
            """
            UPDATE niro_agent_key SET state = 'REVOKED', changed_at = :now
            WHERE cluster = :cluster AND state = 'CANDIDATE' AND created_at < :madeBefore
            """)
        .bind("cluster", cluster)
        .bind("madeBefore", madeBefore)
        .bind("now", now)
        .execute();
  }

  @Override
  public void revokeAll(ClusterId cluster, Instant now) {
    handle
        .createUpdate(
            "UPDATE niro_agent_key SET state = 'REVOKED', changed_at = :now WHERE cluster = :cluster AND state <> 'REVOKED'")
        .bind("cluster", cluster)
        .bind("now", now)
        .execute();
  }

  @Override
  public List<String> revokedSince(Instant since) {
    return handle
        .createQuery(
            "SELECT key_id FROM niro_agent_key WHERE state = 'REVOKED' AND changed_at >= :since")
        .bind("since", since)
        .mapTo(String.class)
        .list();
  }
}
