package cx.niro.app.access;

import cx.niro.core.Credential;
import cx.niro.core.OrganizationId;
import cx.niro.core.SecretHash;
import cx.niro.server.Audit;
import cx.niro.server.spi.AccessControl;
import jakarta.servlet.http.HttpServlet;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Logins and API tokens of one organization. The first user is made with a code that the server
 * prints; he and everybody after him comes by password or token. All calls block; safe from any
 * thread.
 */
public final class Access {
  /** The one organization that everybody and every cluster belongs to. */
  public static final OrganizationId ORGANIZATION = AppCaller.ORGANIZATION;

  static final int ADMIN_TOKEN_MIN_LENGTH = 20;

  private final Logins logins;
  private final SessionCookie cookie;
  private final TrustedProxies proxies;
  private final AppAccessControl control;
  private final TokenDesk tokens;
  private final MemberDesk members;
  private final Deeds deeds = new Deeds();
  private volatile CutOff cutOff = whose -> {};

  private Access(DataSource database, Passwords passwords, Settings settings) {
    Accounts accounts = new Accounts(database);
    ApiTokens apiTokens = new ApiTokens(database);
    this.logins = new Logins(accounts, passwords, settings.clock(), settings.random());
    this.cookie = new SessionCookie(settings.secureCookie());
    this.proxies = settings.proxies();
    @Nullable String admin = settings.adminToken();
    this.control =
        new AppAccessControl(
            apiTokens, logins, cookie, proxies, admin == null ? null : SecretHash.of(admin));
    CutOff now = whose -> cutOff.end(whose);
    this.tokens = new TokenDesk(apiTokens, now, settings.clock(), settings.random());
    this.members = new MemberDesk(accounts, apiTokens, logins, now);
  }

  /**
   * What access depends on.
   *
   * @param random a {@link java.security.SecureRandom} outside tests
   * @param secureCookie whether browsers reach the server by https only
   * @param adminToken an owner's API token of at least 20 characters; null for none
   * @param proxies whose word counts about where a login comes from
   */
  public record Settings(
      InstantSource clock,
      RandomGenerator random,
      boolean secureCookie,
      @Nullable String adminToken,
      TrustedProxies proxies) {
    public Settings {
      if (adminToken != null && adminToken.length() < ADMIN_TOKEN_MIN_LENGTH) {
        throw new IllegalArgumentException(
            "NIRO_ADMIN_TOKEN must have at least "
                + ADMIN_TOKEN_MIN_LENGTH
                + " characters but has "
                + adminToken.length());
      }
    }

    /** Names no secret. */
    @Override
    public String toString() {
      return "Settings(secureCookie=" + secureCookie + ")";
    }
  }

  /** Opens the accounts of a database that has the tables for them. */
  public static Access open(DataSource database, Settings settings) {
    return open(database, settings, Passwords.ROUNDS);
  }

  static Access open(DataSource database, Settings settings, int rounds) {
    return new Access(database, new Passwords(settings.random(), rounds), settings);
  }

  /**
   * Makes the tables, or brings them to this version.
   *
   * @throws IllegalStateException when they are of a version that this one does not know
   */
  public static void migrate(DataSource database) {
    Accounts.migrate(database);
  }

  /**
   * Makes sure that the tables are those of this version.
   *
   * @throws IllegalStateException when they are not
   */
  public static void requireSchema(DataSource database) {
    if (!Accounts.isMigrated(database)) {
      throw new IllegalStateException(
          "the database has tables for users of another version of Niro, or none");
    }
  }

  /** The rule that the REST API asks. */
  public AccessControl accessControl() {
    return control;
  }

  /** The name of the cookie that holds a session. */
  public String sessionCookie() {
    return cookie.name();
  }

  /** Setup, login, logout and the session, below {@code /app}. */
  public HttpServlet servlet() {
    return new LoginServlet(logins, cookie, proxies, deeds);
  }

  /** API tokens and users, for {@code /api/v1/tokens} and {@code /api/v1/members}. */
  public HttpServlet apiServlet() {
    return new AccessServlet(control, tokens, members, proxies, deeds);
  }

  /** What ends the open streams of callers who lose their access; asked from any thread. */
  public void onCutOff(Consumer<Predicate<AccessControl.Caller>> endStreams) {
    cutOff =
        whose -> endStreams.accept(caller -> caller instanceof AppCaller ours && whose.test(ours));
  }

  /** Where what happens to tokens, users and logins is written down; nowhere before. */
  public void auditTo(Audit audit) {
    deeds.tell(audit);
  }

  /** A code that makes the first user, for a link; empty when there are users. */
  public Optional<String> newSetupCode() {
    return logins.newSetupCode();
  }

  /** Makes the first user of a demonstration, and a code that logs him in by a link. */
  public String newLoginCode(String email) {
    return logins.newLoginCode(email);
  }

  /** A new API token in clear text, shown this once. */
  public Credential newApiToken(String name, Role role) {
    return tokens.make(name, role).secret();
  }
}
