package cx.niro.app.access;

import cx.niro.core.Credential;
import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.SecretHash;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Users, sessions and API tokens in the database. All calls block; safe from any thread. */
final class Accounts {
  /** A user as stored. */
  record User(String id, String email, String passwordHash, Role role) {}

  /** An API token as stored. */
  record Token(String keyId, SecretHash hash, String name, Role role) {}

  private final Jdbi jdbi;

  Accounts(DataSource dataSource) {
    this.jdbi = Jdbi.create(dataSource);
  }

  /** Makes or updates the tables, with a history table of their own. */
  static void migrate(DataSource dataSource) {
    Flyway.configure()
        .dataSource(dataSource)
        .locations("classpath:cx/niro/app/access")
        .table("niro_app_schema_history")
        .baselineOnMigrate(true)
        .baselineVersion("0")
        .load()
        .migrate();
  }

  boolean isEmpty() {
    return jdbi.withHandle(Accounts::isEmpty);
  }

  private static boolean isEmpty(Handle handle) {
    return handle.createQuery("SELECT COUNT(*) FROM niro_app_user").mapTo(Long.class).one() == 0;
  }

  /** The first user; refused when there is one already. */
  void addFirst(User user, Instant now) {
    jdbi.useTransaction(
        handle -> {
          if (!isEmpty(handle)) {
            throw new InvalidRequestException(ErrorCode.NAME_TAKEN, "the server is set up already");
          }
          insert(handle, user, now);
        });
  }

  private static void insert(Handle handle, User user, Instant now) {
    handle
        .createUpdate(
            "INSERT INTO niro_app_user (id, email, email_key, password_hash, role, created_at)"
                + " VALUES (:id, :email, :key, :hash, :role, :now)")
        .bind("id", user.id())
        .bind("email", user.email())
        .bind("key", user.email().toLowerCase(Locale.ROOT))
        .bind("hash", user.passwordHash())
        .bind("role", user.role().wireName())
        .bind("now", now.toEpochMilli())
        .execute();
  }

  Optional<User> userByEmail(String email) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT * FROM niro_app_user WHERE email_key = :key")
                .bind("key", email.toLowerCase(Locale.ROOT))
                .map((row, context) -> userOf(row))
                .findOne());
  }

  private static User userOf(ResultSet row) throws SQLException {
    return new User(
        row.getString("id"),
        row.getString("email"),
        row.getString("password_hash"),
        Role.parse(row.getString("role")));
  }

  /** Stores a new session and forgets those that ended. */
  void addSession(SecretHash token, String userId, Instant now, Instant expiresAt) {
    jdbi.useTransaction(
        handle -> {
          handle
              .createUpdate("DELETE FROM niro_app_session WHERE expires_at <= :now")
              .bind("now", now.toEpochMilli())
              .execute();
          handle
              .createUpdate(
                  "INSERT INTO niro_app_session (token_hash, user_id, created_at, expires_at)"
                      + " VALUES (:hash, :user, :now, :expires)")
              .bind("hash", token.hex())
              .bind("user", userId)
              .bind("now", now.toEpochMilli())
              .bind("expires", expiresAt.toEpochMilli())
              .execute();
        });
  }

  /** Whose session it is, while it lasts. */
  Optional<User> userBySession(SecretHash token, Instant now) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT u.* FROM niro_app_session s JOIN niro_app_user u ON u.id = s.user_id"
                        + " WHERE s.token_hash = :hash AND s.expires_at > :now")
                .bind("hash", token.hex())
                .bind("now", now.toEpochMilli())
                .map((row, context) -> userOf(row))
                .findOne());
  }

  void endSession(SecretHash token) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate("DELETE FROM niro_app_session WHERE token_hash = :hash")
                .bind("hash", token.hex())
                .execute());
  }

  void addToken(Credential token, String name, Role role, Instant now) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    "INSERT INTO niro_app_token (key_id, token_hash, name, role, created_at)"
                        + " VALUES (:id, :hash, :name, :role, :now)")
                .bind("id", token.keyId())
                .bind("hash", token.hash().hex())
                .bind("name", name)
                .bind("role", role.wireName())
                .bind("now", now.toEpochMilli())
                .execute());
  }

  /** The token with that public id, unless it was revoked. */
  Optional<Token> token(String keyId) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT * FROM niro_app_token WHERE key_id = :id AND revoked_at IS NULL")
                .bind("id", keyId)
                .map(
                    (row, context) ->
                        new Token(
                            row.getString("key_id"),
                            new SecretHash(row.getString("token_hash")),
                            row.getString("name"),
                            Role.parse(row.getString("role"))))
                .findOne());
  }

  /** False when there is no such token, or it was revoked before. */
  boolean revokeToken(String keyId, Instant now) {
    return jdbi.withHandle(
            handle ->
                handle
                    .createUpdate(
                        "UPDATE niro_app_token SET revoked_at = :now"
                            + " WHERE key_id = :id AND revoked_at IS NULL")
                    .bind("now", now.toEpochMilli())
                    .bind("id", keyId)
                    .execute())
        > 0;
  }
}
