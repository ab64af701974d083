package cx.niro.app.access;

import cx.niro.core.Credential;
import cx.niro.core.OrganizationId;
import cx.niro.core.SecretHash;
import cx.niro.server.spi.AccessControl;
import jakarta.servlet.http.HttpServlet;
import java.time.InstantSource;
import java.util.Optional;
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

  private final Accounts accounts;
  private final Logins logins;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final SessionCookie cookie;
  private final @Nullable SecretHash adminToken;

  private Access(Accounts accounts, Passwords passwords, Settings settings) {
    this.accounts = accounts;
    this.clock = settings.clock();
    this.random = settings.random();
    this.logins = new Logins(accounts, passwords, clock, random);
    this.cookie = new SessionCookie(settings.secureCookie());
    this.adminToken = settings.adminToken() == null ? null : SecretHash.of(settings.adminToken());
  }

  /**
   * What access depends on.
   *
   * @param random a {@link java.security.SecureRandom} outside tests
   * @param secureCookie whether browsers reach the server by https only
   * @param adminToken an owner's API token of at least 20 characters; null for none
   */
  public record Settings(
      InstantSource clock,
      RandomGenerator random,
      boolean secureCookie,
      @Nullable String adminToken) {
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

  /** Opens the accounts of a database and makes their tables when they are not there. */
  public static Access open(DataSource database, Settings settings) {
    return open(database, settings, Passwords.ROUNDS);
  }

  static Access open(DataSource database, Settings settings, int rounds) {
    Accounts.migrate(database);
    return new Access(new Accounts(database), new Passwords(settings.random(), rounds), settings);
  }

  /** The rule that the REST API asks. */
  public AccessControl accessControl() {
    return new AppAccessControl(accounts, logins, cookie, adminToken);
  }

  /** Setup, login, logout and the session, below {@code /app}. */
  public HttpServlet servlet() {
    return new LoginServlet(logins, cookie);
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
    Credential token = Credential.mint(Credential.Kind.API_TOKEN, random);
    accounts.addToken(token, name, role, clock.instant());
    return token;
  }
}
