package cx.niro.app.access;

import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.SecretHash;
import cx.niro.server.jdbc.JdbcStores;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.SerializableTransactionRunner;
import org.jspecify.annotations.Nullable;

/** Users, their sessions and invitations in the database. All calls block; safe from any thread. */
final class Accounts {
  /**
   * A user as stored.
   *
   * @param passwordHash empty until he has chosen one
   * @param addedBy the name of who added him; null for the first, and when it was not kept
   */
  record User(
      String id,
      String email,
      String passwordHash,
      Role role,
      Instant createdAt,
      @Nullable String addedBy) {}

  /** The class of 40001 and 40P01. */
  private static final String COLLISION = "40";

  private final Jdbi jdbi;

  Accounts(DataSource dataSource) {
    this.jdbi = over(dataSource);
  }

  /** Whose transactions that collide with others are run again, as those of the stores. */
  static Jdbi over(DataSource dataSource) {
    Jdbi jdbi = Jdbi.create(dataSource);
    jdbi.setTransactionHandler(new SerializableTransactionRunner());
    jdbi.getConfig(SerializableTransactionRunner.Configuration.class)
        .setSerializationFailureSqlState(COLLISION)
        .setMaxRetries(JdbcStores.ATTEMPTS);
    return jdbi;
  }

  /**
   * Makes or updates the tables, with a history table of their own.
   *
   * @throws IllegalStateException when they are of another version that this one does not know
   */
  static void migrate(DataSource dataSource) {
    try {
      tables(dataSource).migrate();
    } catch (FlywayValidateException e) {
      throw new IllegalStateException(
          "the database has tables for users of another version of Niro; use that version", e);
    }
  }

  /** Whether the tables are those of this version. */
  static boolean isMigrated(DataSource dataSource) {
    Flyway tables = tables(dataSource);
    return tables.info().pending().length == 0 && tables.validateWithResult().validationSuccessful;
  }

  private static Flyway tables(DataSource dataSource) {
    return Flyway.configure()
        .dataSource(dataSource)
        .locations("classpath:cx/niro/app/access")
        .table("niro_app_schema_history")
        .baselineOnMigrate(true)
        .baselineVersion("0")
        .ignoreMigrationPatterns("*:pending")
        .load();
  }

  boolean isEmpty() {
    return jdbi.withHandle(Accounts::isEmpty);
  }

  private static boolean isEmpty(Handle handle) {
    return handle.createQuery("SELECT COUNT(*) FROM niro_app_user").mapTo(Long.class).one() == 0;
  }

  /** The first user; refused when there is one already. */
  void addFirst(User user) {
    jdbi.useTransaction(
        handle -> {
          if (!isEmpty(handle)) {
            throw new InvalidRequestException(ErrorCode.NAME_TAKEN, "the server is set up already");
          }
          insert(handle, user, null);
        });
  }

  private static void insert(Handle handle, User user, @Nullable String byToken) {
    handle
        .createUpdate(
            "INSERT INTO niro_app_user (id, email, email_key, password_hash, role, created_at,"
                + " added_by, added_by_token)"
                + " VALUES (:id, :email, :key, :hash, :role, :now, :by, :token)")
        .bind("id", user.id())
        .bind("email", user.email())
        .bind("key", user.email().toLowerCase(Locale.ROOT))
        .bind("hash", user.passwordHash())
        .bind("role", user.role().wireName())
        .bind("now", user.createdAt().toEpochMilli())
        .bind("by", user.addedBy())
        .bind("token", byToken)
        .execute();
  }

  Optional<User> userByEmail(String email) {
    return jdbi.withHandle(handle -> find(handle, "email_key", email.toLowerCase(Locale.ROOT)));
  }

  Optional<User> user(String id) {
    return jdbi.withHandle(handle -> find(handle, "id", id));
  }

  private static Optional<User> find(Handle handle, String column, String value) {
    return handle
        .createQuery("SELECT * FROM niro_app_user WHERE " + column + " = :value")
        .bind("value", value)
        .map((row, context) -> userOf(row))
        .findOne();
  }

  private static User userOf(ResultSet row) throws SQLException {
    return new User(
        row.getString("id"),
        row.getString("email"),
        row.getString("password_hash"),
        Role.parse(row.getString("role")),
        Instant.ofEpochMilli(row.getLong("created_at")),
        row.getString("added_by"));
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
    jdbi.useTransaction(
        handle ->
            handle
                .createUpdate("DELETE FROM niro_app_session WHERE token_hash = :hash")
                .bind("hash", token.hex())
                .execute());
  }

  /** All users, by address. */
  List<User> users() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT * FROM niro_app_user ORDER BY email_key")
                .map((row, context) -> userOf(row))
                .list());
  }

  /**
   * Stores a user whose address is not taken yet; false when it is.
   *
   * @param byToken the token that adds him; null for a user
   */
  boolean add(User user, @Nullable String byToken) {
    return jdbi.inTransaction(
        handle -> {
          if (find(handle, "email_key", user.email().toLowerCase(Locale.ROOT)).isPresent()) {
            return false;
          }
          insert(handle, user, byToken);
          return true;
        });
  }

  /**
   * Removes a user with his sessions and invitation, unless he is the last owner.
   *
   * @return whether he is gone
   */
  boolean remove(String id) {
    return jdbi.inTransaction(
        handle -> {
          long otherOwners =
              handle
                  .createQuery(
                      "SELECT COUNT(*) FROM niro_app_user WHERE role = 'owner' AND id <> :id")
                  .bind("id", id)
                  .mapTo(Long.class)
                  .one();
          String which = otherOwners == 0 ? " AND role <> 'owner'" : "";
          return handle
                  .createUpdate("DELETE FROM niro_app_user WHERE id = :id" + which)
                  .bind("id", id)
                  .execute()
              > 0;
        });
  }

  /** The users that these tokens added; only those without a password unless {@code all}. */
  List<String> addedBy(List<String> tokenIds, boolean all) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT id FROM niro_app_user WHERE added_by_token IN (<tokens>)"
                        + (all ? "" : " AND password_hash = ''"))
                .bindList("tokens", tokenIds)
                .mapTo(String.class)
                .list());
  }

  /** Ends the links that these tokens made. */
  void endInvitations(List<String> tokenIds) {
    jdbi.useTransaction(
        handle ->
            handle
                .createUpdate("DELETE FROM niro_app_invitation WHERE made_by_token IN (<tokens>)")
                .bindList("tokens", tokenIds)
                .execute());
  }

  /**
   * Lets the user choose a password; a code from before dies.
   *
   * @param byToken the token that made the link; null for a user
   */
  void invite(SecretHash code, String userId, Instant expiresAt, @Nullable String byToken) {
    jdbi.useTransaction(
        handle -> {
          update(handle, "DELETE FROM niro_app_invitation WHERE user_id = :id", userId);
          handle
              .createUpdate(
                  "INSERT INTO niro_app_invitation (code_hash, user_id, expires_at, made_by_token)"
                      + " VALUES (:hash, :id, :expires, :token)")
              .bind("hash", code.hex())
              .bind("id", userId)
              .bind("expires", expiresAt.toEpochMilli())
              .bind("token", byToken)
              .execute();
        });
  }

  /** Who may choose a password by this code. */
  Optional<User> userByInvitation(SecretHash code, Instant now) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT u.* FROM niro_app_invitation i JOIN niro_app_user u ON u.id = i.user_id"
                        + " WHERE i.code_hash = :hash AND i.expires_at > :now")
                .bind("hash", code.hex())
                .bind("now", now.toEpochMilli())
                .map((row, context) -> userOf(row))
                .findOne());
  }

  /** Uses the code up, for a password; false when somebody was faster. */
  boolean acceptInvitation(SecretHash code, String userId, String passwordHash) {
    return jdbi.inTransaction(
        handle -> {
          String delete = "DELETE FROM niro_app_invitation WHERE code_hash = :id";
          if (update(handle, delete, code.hex()) == 0) {
            return false;
          }
          setPassword(handle, userId, passwordHash);
          return true;
        });
  }

  /** Stores another password and ends all sessions of the user. */
  void setPassword(String userId, String passwordHash) {
    jdbi.useTransaction(handle -> setPassword(handle, userId, passwordHash));
  }

  private static void setPassword(Handle handle, String userId, String passwordHash) {
    handle
        .createUpdate("UPDATE niro_app_user SET password_hash = :hash WHERE id = :id")
        .bind("hash", passwordHash)
        .bind("id", userId)
        .execute();
    update(handle, "DELETE FROM niro_app_session WHERE user_id = :id", userId);
  }

  private static int update(Handle handle, String sql, String id) {
    return handle.createUpdate(sql).bind("id", id).execute();
  }
}
