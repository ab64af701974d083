package cx.niro.app.access;

import cx.niro.core.ErrorCode;
import cx.niro.core.NiroException;
import cx.niro.core.SecretHash;
import cx.niro.core.VisibleText;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes, finds and ends sessions. All calls block; safe from any thread. */
final class Logins {
  static final Duration SESSION = Duration.ofHours(24);
  private static final Pattern EMAIL =
      Pattern.compile("[^\\s@\\p{Cntrl}]{1,64}@[^\\s@\\p{Cntrl}]{1,189}");

  private static final int HASHES_AT_A_TIME = 2;

  private record LoginCode(SecretHash hash, Accounts.User user) {}

  private final Accounts accounts;
  private final Passwords passwords;
  private final LoginThrottle throttle;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Semaphore hashing = new Semaphore(HASHES_AT_A_TIME);
  private final AtomicReference<@Nullable SecretHash> setupCode = new AtomicReference<>();
  private final AtomicReference<@Nullable LoginCode> loginCode = new AtomicReference<>();

  Logins(Accounts accounts, Passwords passwords, InstantSource clock, RandomGenerator random) {
    this.accounts = accounts;
    this.passwords = passwords;
    this.throttle = new LoginThrottle(clock);
    this.clock = clock;
    this.random = random;
  }

  /** A new code that makes the first user; empty when there are users. The code before it dies. */
  Optional<String> newSetupCode() {
    if (!accounts.isEmpty()) {
      return Optional.empty();
    }
    String code = secret();
    setupCode.set(SecretHash.of(code));
    return Optional.of(code);
  }

  boolean isSetupNeeded() {
    return setupCode.get() != null;
  }

  /** Makes the first user, without a password, and a code that logs him in while we live. */
  String newLoginCode(String email) {
    Accounts.User user = newUser(email, "", Role.OWNER, null);
    accounts.addFirst(user);
    String code = secret();
    loginCode.set(new LoginCode(SecretHash.of(code), user));
    return code;
  }

  private Accounts.User newUser(
      String email, String passwordHash, Role role, @Nullable String addedBy) {
    return new Accounts.User(secret(), checked(email), passwordHash, role, now(), addedBy);
  }

  private static String checked(String email) {
    OptionalInt invisible = VisibleText.firstInvisible(email);
    if (invisible.isPresent()) {
      throw new WrongFieldException(
          "email",
          "must have visible characters only, but has U+%04X".formatted(invisible.getAsInt()));
    }
    if (!EMAIL.matcher(email).matches()) {
      throw new WrongFieldException(
          "email", "must look like name@example.com, at most 254 characters");
    }
    return email;
  }

  /** A user who chooses his password by an invitation; empty when the address is taken. */
  Optional<Accounts.User> addUser(AppCaller by, String email, Role role) {
    Accounts.User user = newUser(email, "", role, by.name());
    return accounts.add(user, by.tokenId()) ? Optional.of(user) : Optional.empty();
  }

  /** A code that lets the user choose a password, once; the code before it dies. */
  String newInvitation(AppCaller by, String userId, Instant expiresAt) {
    String code = secret();
    accounts.invite(SecretHash.of(code), userId, expiresAt, by.tokenId());
    return code;
  }

  /** Makes the first user, or gives one that was invited his password, and logs him in. */
  Session setUp(String code, String email, String password) {
    @Nullable SecretHash expected = setupCode.get();
    if (expected == null || !expected.matches(code)) {
      return accept(SecretHash.of(code), email, password);
    }
    checked(email);
    Passwords.check(password);
    if (!setupCode.compareAndSet(expected, null)) {
      throw notAuthenticated("the setup link was just used");
    }
    try {
      Accounts.User user = newUser(email, passwords.hash(password), Role.OWNER, null);
      accounts.addFirst(user);
      return newSession(user);
    } catch (RuntimeException e) {
      setupCode.compareAndSet(null, expected);
      throw e;
    }
  }

  private Session accept(SecretHash code, String email, String password) {
    Accounts.User user =
        accounts
            .userByInvitation(code, clock.instant())
            .orElseThrow(() -> notAuthenticated("the link is used, replaced or too old"));
    if (!user.email().equalsIgnoreCase(email)) {
      throw new WrongFieldException("email", "must be the address that the link was made for");
    }
    Passwords.check(password);
    String hash = slowly(() -> passwords.hash(password));
    if (!accounts.acceptInvitation(code, user.id(), hash)) {
      throw notAuthenticated("the link was just used");
    }
    return newSession(user);
  }

  /** Gives a user another password and ends all his sessions. */
  void changePassword(Accounts.User user, String current, String wanted, String address) {
    Passwords.check(wanted);
    if (withPassword(user.email(), current, address).isEmpty()) {
      throw new WrongFieldException("currentPassword", "is wrong");
    }
    accounts.setPassword(user.id(), slowly(() -> passwords.hash(wanted)));
  }

  /** Logs in by e-mail and password. */
  Session logIn(String email, String password, String address) {
    return newSession(
        withPassword(email, password, address)
            .orElseThrow(() -> notAuthenticated("e-mail or password is wrong")));
  }

  private Optional<Accounts.User> withPassword(String email, String password, String address) {
    throttle.enter(email, address);
    Optional<Accounts.User> user = accounts.userByEmail(email);
    boolean right =
        slowly(
            () -> {
              if (user.isEmpty() || user.get().passwordHash().isEmpty()) {
                passwords.matchNobody(password);
                return false;
              }
              return passwords.matches(password, user.get().passwordHash());
            });
    if (!right) {
      return Optional.empty();
    }
    throttle.succeeded(email, address);
    return user;
  }

  /** Hashing costs a third of a second of a core: only two at a time, so that agents are heard. */
  private <T> T slowly(Supplier<T> work) {
    if (!hashing.tryAcquire()) {
      throw new TooManyTriesException("too many logins at the same time", Duration.ofSeconds(1));
    }
    try {
      return work.get();
    } finally {
      hashing.release();
    }
  }

  /** Logs in by the code of {@link #newLoginCode}. */
  Session logInByCode(String code) {
    @Nullable LoginCode known = loginCode.get();
    if (known == null || !known.hash().matches(code)) {
      throw notAuthenticated("the login link is not of this run of the server");
    }
    return newSession(known.user());
  }

  private Session newSession(Accounts.User user) {
    String token = secret();
    Instant now = clock.instant();
    accounts.addSession(SecretHash.of(token), user.id(), now, now.plus(SESSION));
    return new Session(token, user);
  }

  /** Whose session it is; empty when it ended or never was. */
  Optional<Accounts.User> userOf(String sessionToken) {
    return accounts.userBySession(SecretHash.of(sessionToken), clock.instant());
  }

  void logOut(String sessionToken) {
    accounts.endSession(SecretHash.of(sessionToken));
  }

  /** As exactly as it is stored, so that all answers agree. */
  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  InstantSource clock() {
    return clock;
  }

  private String secret() {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static NiroException notAuthenticated(String message) {
    return new NiroException(ErrorCode.NOT_AUTHENTICATED, message);
  }
}
