package cx.niro.app.access;

import cx.niro.core.SecretHash;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * API tokens in the database; of each secret only the hash. All calls block; safe from any thread.
 */
final class ApiTokens {
  /** How exactly the last use is known; so seldom is it written. */
  static final Duration USE_STEP = Duration.ofHours(1);

  /**
   * A token as stored.
   *
   * @param userId the user that it goes back to, with whom it dies; null for the server's own
   * @param lastUsedAt null before the first use; at most {@link #USE_STEP} old
   * @param expiresAt null for one that lives until it is revoked
   */
  record Token(
      String keyId,
      SecretHash hash,
      String name,
      Role role,
      String madeBy,
      @Nullable String userId,
      Instant createdAt,
      @Nullable Instant lastUsedAt,
      @Nullable Instant expiresAt) {

    boolean livesAt(Instant now) {
      return expiresAt == null || now.isBefore(expiresAt);
    }
  }

  private final Jdbi jdbi;

  ApiTokens(DataSource dataSource) {
    this.jdbi = Accounts.over(dataSource);
  }

  void add(Token token) {
    jdbi.useTransaction(handle -> insert(handle, token, null));
  }

  /**
   * Adds a token that ends with the one that makes it.
   *
   * @return false when the maker was revoked meanwhile; then nothing is added
   */
  boolean addBy(String makerId, Token token) {
    return jdbi.inTransaction(
        handle -> {
          if (!holdsLive(handle, makerId)) {
            return false;
          }
          insert(handle, token, makerId);
          return true;
        });
  }

  /** Locks the row, so that a revocation sees all that was made before it. */
  private static boolean holdsLive(Handle handle, String keyId) {
    return handle
        .createQuery(
            "SELECT key_id FROM niro_app_token WHERE key_id = :id AND revoked_at IS NULL FOR UPDATE")
        .bind("id", keyId)
        .mapTo(String.class)
        .findOne()
        .isPresent();
  }

  private static void insert(Handle handle, Token token, @Nullable String makerId) {
    handle
        .createUpdate(
            "INSERT INTO niro_app_token (key_id, token_hash, name, role, made_by, user_id,"
                + " created_at, expires_at, made_by_token) VALUES (:id, :hash, :name, :role, :by,"
                + " :user, :now, :expires, :maker)")
        .bind("id", token.keyId())
        .bind("hash", token.hash().hex())
        .bind("name", token.name())
        .bind("role", token.role().wireName())
        .bind("by", token.madeBy())
        .bind("user", token.userId())
        .bind("now", token.createdAt().toEpochMilli())
        .bind("expires", millis(token.expiresAt()))
        .bind("maker", makerId)
        .execute();
  }

  /** The token with that public id, unless it was revoked. */
  Optional<Token> find(String keyId) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT * FROM niro_app_token WHERE key_id = :id AND revoked_at IS NULL")
                .bind("id", keyId)
                .map((row, context) -> tokenOf(row))
                .findOne());
  }

  /** All that were not revoked, the newest first. */
  List<Token> list() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT * FROM niro_app_token WHERE revoked_at IS NULL"
                        + " ORDER BY created_at DESC, key_id")
                .map((row, context) -> tokenOf(row))
                .list());
  }

  /** Notes a use, once in {@link #USE_STEP}. */
  void used(Token token, Instant now) {
    Instant last = token.lastUsedAt();
    if (last != null && now.isBefore(last.plus(USE_STEP))) {
      return;
    }
    jdbi.useTransaction(
        handle ->
            handle
                .createUpdate("UPDATE niro_app_token SET last_used_at = :now WHERE key_id = :id")
                .bind("now", now.toEpochMilli())
                .bind("id", token.keyId())
                .execute());
  }

  /**
   * Revokes a token, those that it made, and theirs; all or none.
   *
   * @return the ids of all that ended, its own first; empty when there is no such token, or it was
   *     revoked before
   */
  List<String> revoke(String keyId, Instant now) {
    return jdbi.inTransaction(
        handle -> {
          List<String> ended = new ArrayList<>();
          if (revokeWhere(handle, "key_id", keyId, now) > 0) {
            ended.add(keyId);
          }
          for (int next = 0; next < ended.size(); next++) {
            for (String child : madeBy(handle, ended.get(next))) {
              if (revokeWhere(handle, "key_id", child, now) > 0) {
                ended.add(child);
              }
            }
          }
          return List.copyOf(ended);
        });
  }

  private static List<String> madeBy(Handle handle, String keyId) {
    return handle
        .createQuery(
            "SELECT key_id FROM niro_app_token WHERE made_by_token = :id AND revoked_at IS NULL"
                + " ORDER BY created_at, key_id")
        .bind("id", keyId)
        .mapTo(String.class)
        .list();
  }

  /** Revokes all that go back to the user; how many. */
  int revokeOf(String userId, Instant now) {
    return jdbi.inTransaction(handle -> revokeWhere(handle, "user_id", userId, now));
  }

  private static int revokeWhere(Handle handle, String column, String value, Instant now) {
    return handle
        .createUpdate(
            "UPDATE niro_app_token SET revoked_at = :now WHERE "
                + column
                + " = :value AND revoked_at IS NULL")
        .bind("now", now.toEpochMilli())
        .bind("value", value)
        .execute();
  }

  private static Token tokenOf(ResultSet row) throws SQLException {
    return new Token(
        row.getString("key_id"),
        new SecretHash(row.getString("token_hash")),
        row.getString("name"),
        Role.parse(row.getString("role")),
        row.getString("made_by"),
        row.getString("user_id"),
        Instant.ofEpochMilli(row.getLong("created_at")),
        instant(row, "last_used_at"),
        instant(row, "expires_at"));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? null : Instant.ofEpochMilli(millis);
  }

  private static @Nullable Long millis(@Nullable Instant instant) {
    return instant == null ? null : instant.toEpochMilli();
  }
}
