package cx.niro.server.jdbc;

import cx.niro.core.ClusterId;
import cx.niro.core.SecretHash;
import cx.niro.server.spi.EnrollmentStore;
import cx.niro.server.spi.TokenRow;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

record JdbcEnrollmentStore(Handle handle, Inserts inserts) implements EnrollmentStore {
  private static final String INSERT =
      """
      INSERT INTO niro_enrollment_token (cluster, key_id, hash, created_at, expires_at, take_over, used_at, request_id_hash,
        used_by_uid)
      VALUES (:cluster, :keyId, :hash, :createdAt, :expiresAt, :takeOver, :usedAt, :requestIdHash, :usedByUid)
      """;
  private static final String REPLACE =
      """
      UPDATE niro_enrollment_token SET key_id = :keyId, hash = :hash, created_at = :createdAt, expires_at = :expiresAt,
        take_over = :takeOver, used_at = :usedAt, request_id_hash = :requestIdHash, used_by_uid = :usedByUid
      WHERE cluster = :cluster
      """;
  private static final String USE =
      """
      UPDATE niro_enrollment_token SET used_at = :now, request_id_hash = :requestIdHash, used_by_uid = :uid
      WHERE key_id = :keyId AND used_at IS NULL
      """;

  @Override
  public void put(TokenRow token) {
    if (handle.createUpdate(REPLACE).bindMethods(token).execute() == 0) {
      inserts.run(handle.createUpdate(INSERT).bindMethods(token));
    }
  }

  @Override
  public Optional<TokenRow> findByKeyId(String keyId) {
    return handle
        .createQuery("SELECT * FROM niro_enrollment_token WHERE key_id = :keyId")
        .bind("keyId", keyId)
        .mapTo(TokenRow.class)
        .findOne();
  }

  @Override
  public Optional<TokenRow> find(ClusterId cluster) {
    return handle
        .createQuery("SELECT * FROM niro_enrollment_token WHERE cluster = :cluster")
        .bind("cluster", cluster)
        .mapTo(TokenRow.class)
        .findOne();
  }

  @Override
  public boolean use(
      String keyId, SecretHash requestIdHash, @Nullable String kubeSystemUid, Instant now) {
    return handle
            .createUpdate(USE)
            .bind("keyId", keyId)
            .bind("requestIdHash", requestIdHash)
            .bind("uid", kubeSystemUid)
            .bind("now", now)
            .execute()
        == 1;
  }
}
