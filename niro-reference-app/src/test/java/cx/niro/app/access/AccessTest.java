package cx.niro.app.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cx.niro.core.Credential;
import cx.niro.core.ErrorCode;
import cx.niro.core.NiroException;
import cx.niro.core.testkit.ManualTime;
import cx.niro.server.http.NiroRequest;
import cx.niro.server.spi.AccessControl.Caller;
import cx.niro.server.spi.AccessControl.Permission;
import java.io.InputStream;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcDataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

class AccessTest {
  private static final int FEW_ROUNDS = 1000;
  private static final String EMAIL = "owner@example.com";
  private static final String PASSWORD = "correct horse battery";
  private static final String ADDRESS = "192.0.2.1";
  private static final String ADMIN_TOKEN = "an-admin-token-of-24-chars";

  private final ManualTime time = ManualTime.create();
  private final DataSource database = database();
  private final SessionCookie cookie = new SessionCookie(false);
  private final Accounts accounts;
  private final ApiTokens tokens;
  private final Logins logins;
  private final AppAccessControl control;

  AccessTest() {
    Accounts.migrate(database);
    accounts = new Accounts(database);
    tokens = new ApiTokens(database);
    SecureRandom random = new SecureRandom();
    logins = new Logins(accounts, new Passwords(random, FEW_ROUNDS), time, random);
    control =
        new AppAccessControl(
            tokens, logins, cookie, TrustedProxies.NONE, cx.niro.core.SecretHash.of(ADMIN_TOKEN));
  }

  @Test
  void the_setup_code_makes_the_first_user_once() {
    String code = logins.newSetupCode().orElseThrow();

    Session session = logins.setUp(code, EMAIL, PASSWORD);

    assertThat(logins.userOf(session.token()).orElseThrow().role()).isEqualTo(Role.OWNER);
    assertThat(logins.newSetupCode()).isEmpty();
    assertRefused(
        () -> logins.setUp(code, "second@example.com", PASSWORD), ErrorCode.NOT_AUTHENTICATED);
  }

  @Test
  void a_wrong_setup_code_makes_nobody() {
    logins.newSetupCode();

    assertRefused(() -> logins.setUp("guess", EMAIL, PASSWORD), ErrorCode.NOT_AUTHENTICATED);
    assertThat(accounts.isEmpty()).isTrue();
  }

  @Test
  void a_short_password_is_refused_and_the_setup_code_still_works() {
    String code = logins.newSetupCode().orElseThrow();

    assertThatThrownBy(() -> logins.setUp(code, EMAIL, "short"))
        .hasMessage("password must have 12 to 256 characters but has 5");
    assertThat(logins.setUp(code, EMAIL, PASSWORD).user().email()).isEqualTo(EMAIL);
  }

  @Test
  void the_right_password_logs_in_whatever_the_case_of_the_address() {
    owner();

    Session session = logins.logIn("OWNER@example.com", PASSWORD, ADDRESS);

    assertThat(callerWith(Map.of("cookie", List.of("niro=" + session.token())))).isPresent();
  }

  @Test
  void a_wrong_password_and_an_unknown_account_are_answered_alike() {
    owner();

    assertThatThrownBy(() -> logins.logIn(EMAIL, "wrong password", ADDRESS))
        .hasMessage("e-mail or password is wrong");
    assertThatThrownBy(() -> logins.logIn("nobody@example.com", "wrong password", ADDRESS))
        .hasMessage("e-mail or password is wrong");
  }

  @Test
  void guessing_is_slowed_down_and_the_owner_gets_in_after_the_wait() {
    owner();
    for (int i = 0; i < LoginThrottle.FREE_TRIES; i++) {
      assertRefused(
          () -> logins.logIn(EMAIL, "wrong password", ADDRESS), ErrorCode.NOT_AUTHENTICATED);
    }

    assertRefused(() -> logins.logIn(EMAIL, PASSWORD, ADDRESS), ErrorCode.TOO_MANY_REQUESTS);
    assertThat(logins.logIn(EMAIL, PASSWORD, "192.0.2.2")).isNotNull();

    time.advance(Duration.ofSeconds(6));
    assertThat(logins.logIn(EMAIL, PASSWORD, ADDRESS)).isNotNull();
  }

  @Test
  void a_session_ends_after_a_day() {
    String cookies = "a=b; niro=" + owner().token();

    time.advance(Duration.ofHours(24).minusSeconds(1));
    assertThat(callerWith(Map.of("cookie", List.of(cookies)))).isPresent();

    time.advance(Duration.ofSeconds(1));
    assertThat(callerWith(Map.of("cookie", List.of(cookies)))).isEmpty();
  }

  @Test
  void logging_out_ends_the_session_at_once() {
    Session session = owner();

    logins.logOut(session.token());

    assertThat(callerWith(Map.of("cookie", List.of("niro=" + session.token())))).isEmpty();
  }

  @Test
  void a_change_by_cookie_needs_the_token_of_its_session() {
    Session session = owner();
    List<String> cookies = List.of("niro=" + session.token());
    String right = Session.csrfToken(session.token());

    assertRefused(() -> caller("POST", Map.of("cookie", cookies)), ErrorCode.FORBIDDEN);
    assertRefused(
        () -> caller("DELETE", Map.of("cookie", cookies, "niro-csrf", List.of("guess"))),
        ErrorCode.FORBIDDEN);
    assertThat(caller("POST", Map.of("cookie", cookies, "niro-csrf", List.of(right)))).isPresent();
  }

  @Test
  void an_api_token_works_until_it_is_revoked() {
    Credential token = Credential.mint(Credential.Kind.API_TOKEN, new SecureRandom());
    add(token, Role.VIEWER);
    Map<String, List<String>> headers =
        Map.of("authorization", List.of("Bearer " + token.secretText()));

    Caller caller = caller("POST", headers).orElseThrow();
    assertThat(caller.name()).isEqualTo("ci");
    assertThat(caller.may(Permission.READ, AppCaller.ORGANIZATION)).isTrue();
    assertThat(caller.may(Permission.WRITE, AppCaller.ORGANIZATION)).isFalse();

    assertThat(tokens.revoke(token.keyId(), time.instant())).containsExactly(token.keyId());
    assertThat(caller("GET", headers)).isEmpty();
    assertThat(tokens.revoke(token.keyId(), time.instant())).isEmpty();
  }

  @Test
  void a_token_with_another_secret_is_nobody() {
    Credential token = Credential.mint(Credential.Kind.API_TOKEN, new SecureRandom());
    Credential other = Credential.mint(Credential.Kind.API_TOKEN, new SecureRandom());
    add(token, Role.OWNER);

    assertThat(bearer(other.secretText())).isEmpty();
    assertThat(bearer("garbage")).isEmpty();
    assertThat(bearer("")).isEmpty();
  }

  @Test
  void the_admin_token_is_an_owner() {
    assertThat(bearer(ADMIN_TOKEN).orElseThrow().may(Permission.ADMINISTER, AppCaller.ORGANIZATION))
        .isTrue();
    assertThat(bearer(ADMIN_TOKEN + "x")).isEmpty();
  }

  @Test
  void a_wrong_token_does_not_fall_back_to_the_cookie() {
    List<String> cookies = List.of("niro=" + owner().token());

    assertThat(
            callerWith(Map.of("cookie", cookies, "authorization", List.of("Bearer of bad news"))))
        .isEmpty();
  }

  @Test
  void the_database_holds_no_secret() throws Exception {
    Session session = owner();
    Credential token = Credential.mint(Credential.Kind.API_TOKEN, new SecureRandom());
    add(token, Role.OWNER);

    try (var connection = database.getConnection();
        var script = connection.createStatement().executeQuery("SCRIPT")) {
      StringBuilder dump = new StringBuilder();
      while (script.next()) {
        dump.append(script.getString(1)).append('\n');
      }
      assertThat(dump.toString())
          .contains("NIRO_APP_USER")
          .doesNotContain(PASSWORD, session.token(), token.secretText());
    }
  }

  @Test
  void an_expired_token_is_nobody() {
    Credential token = Credential.mint(Credential.Kind.API_TOKEN, new SecureRandom());
    Instant end = time.instant().plusSeconds(60);
    tokens.add(
        new ApiTokens.Token(
            token.keyId(), token.hash(), "ci", Role.OWNER, "x", null, time.instant(), null, end));

    assertThat(bearer(token.secretText())).isPresent();
    time.advance(Duration.ofSeconds(60));
    assertThat(bearer(token.secretText())).isEmpty();
  }

  @Test
  void the_last_use_of_a_token_is_known_to_the_hour() {
    Credential token = Credential.mint(Credential.Kind.API_TOKEN, new SecureRandom());
    add(token, Role.VIEWER);
    Instant first = time.instant();

    bearer(token.secretText());
    time.advance(Duration.ofMinutes(59));
    bearer(token.secretText());
    assertThat(tokens.find(token.keyId()).orElseThrow().lastUsedAt()).isEqualTo(first);

    time.advance(Duration.ofMinutes(1));
    bearer(token.secretText());
    assertThat(tokens.find(token.keyId()).orElseThrow().lastUsedAt()).isEqualTo(time.instant());
  }

  @Test
  void a_token_that_was_revoked_meanwhile_makes_no_other() {
    Credential maker = Credential.mint(Credential.Kind.API_TOKEN, new SecureRandom());
    Credential child = Credential.mint(Credential.Kind.API_TOKEN, new SecureRandom());
    add(maker, Role.OWNER);
    tokens.revoke(maker.keyId(), time.instant());

    assertThat(tokens.addBy(maker.keyId(), token(child, Role.VIEWER))).isFalse();
    assertThat(bearer(child.secretText())).isEmpty();
  }

  @Test
  void tokens_made_before_their_maker_was_kept_end_with_him_where_there_is_no_doubt() {
    DataSource old = database();
    Flyway.configure()
        .dataSource(old)
        .locations("classpath:cx/niro/app/access")
        .table("niro_app_schema_history")
        .target("3")
        .load()
        .migrate();
    Jdbi jdbi = Jdbi.create(old);
    for (String row :
        List.of(
            "stolen by server",
            "child by stolen",
            "twin by server",
            "twin2 by server",
            "unsure by twin",
            "ada by server",
            "own by ada")) {
      String[] parts = row.split(" by ");
      jdbi.useHandle(
          handle ->
              handle.execute(
                  "INSERT INTO niro_app_token (key_id, token_hash, name, role, created_at, made_by)"
                      + " VALUES (?, ?, ?, 'viewer', 1, ?)",
                  parts[0],
                  "0".repeat(64),
                  parts[0].replace("2", ""),
                  parts[1]));
    }
    jdbi.useHandle(
        handle ->
            handle.execute(
                "INSERT INTO niro_app_user (id, email, email_key, password_hash, role, created_at)"
                    + " VALUES ('u', 'ada', 'ada', '', 'owner', 1)"));
    Accounts.migrate(old);
    ApiTokens migrated = new ApiTokens(old);
    assertThat(migrated.revoke("stolen", time.instant())).containsExactly("stolen", "child");
    assertThat(migrated.revoke("twin", time.instant())).containsExactly("twin");
    assertThat(migrated.revoke("ada", time.instant())).containsExactly("ada");
  }

  @Test
  void an_address_with_invisible_characters_is_refused_by_their_code_point() {
    for (String hidden : List.of("\u202E", "\u200B", "\u0007", "\u3164", "\u00A0")) {
      assertThatThrownBy(
              () ->
                  logins.addUser(
                      AppCaller.ADMIN_TOKEN, "a" + hidden + "b@example.com", Role.VIEWER))
          .hasMessageContaining("email")
          .hasMessageContaining("U+%04X".formatted((int) hidden.charAt(0)));
    }
    assertThat(logins.addUser(AppCaller.ADMIN_TOKEN, "jürgen@example.com", Role.VIEWER))
        .isPresent();
  }

  private void add(Credential token, Role role) {
    tokens.add(token(token, role));
  }

  private ApiTokens.Token token(Credential token, Role role) {
    return new ApiTokens.Token(
        token.keyId(), token.hash(), "ci", role, "ada", null, time.instant(), null, null);
  }

  private Session owner() {
    return logins.setUp(logins.newSetupCode().orElseThrow(), EMAIL, PASSWORD);
  }

  private Optional<Caller> bearer(String token) {
    return callerWith(Map.of("authorization", List.of("Bearer " + token)));
  }

  private Optional<Caller> callerWith(Map<String, List<String>> headers) {
    return caller("GET", headers);
  }

  private Optional<Caller> caller(String method, Map<String, List<String>> headers) {
    return control.authenticate(
        new NiroRequest(
            method, "/api/v1/clusters", Map.of(), headers, InputStream.nullInputStream()));
  }

  private static void assertRefused(Runnable call, ErrorCode code) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            NiroException.class, refused -> assertThat(refused.code()).isEqualTo(code));
  }

  private static DataSource database() {
    JdbcDataSource source = new JdbcDataSource();
    source.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    return source;
  }

  @Test
  void tables_of_a_newer_version_are_refused() {
    Jdbi.create(database)
        .useHandle(
            handle ->
                handle.execute(
                    """
                    INSERT INTO "niro_app_schema_history"
                    SELECT 99, '99', "description", "type", 'V99__later.sql', "checksum",
                           "installed_by", "installed_on", "execution_time", "success"
                    FROM "niro_app_schema_history" WHERE "version" = '2'"""));

    assertThat(Accounts.isMigrated(database)).isFalse();
    assertThatThrownBy(() -> Access.requireSchema(database))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("of another version of Niro");
    assertThatThrownBy(() -> Access.migrate(database)).isInstanceOf(IllegalStateException.class);
  }
}
