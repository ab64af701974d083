package cx.niro.app.access;

import cx.niro.core.Credential;
import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.NiroException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes, lists and revokes API tokens. Everybody does so with his own; owners and admins with all.
 * No token is stronger than its maker, and none outlives the token that made it, whose revocation
 * ends it too.
 */
final class TokenDesk {
  static final Duration SHORTEST_LIFE = Duration.ofMinutes(1);
  static final Duration LONGEST_LIFE = Duration.ofDays(3650);
  private static final Logger log = LoggerFactory.getLogger(TokenDesk.class);
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9 ._@:/-]{0,98}[A-Za-z0-9])?");
  private static final String SERVER = "the server";

  /** A new token with its secret, which is shown this once. */
  record Made(ApiTokens.Token token, Credential secret) {}

  private final ApiTokens tokens;
  private final CutOff cutOff;
  private final InstantSource clock;
  private final RandomGenerator random;

  TokenDesk(ApiTokens tokens, CutOff cutOff, InstantSource clock, RandomGenerator random) {
    this.tokens = tokens;
    this.cutOff = cutOff;
    this.clock = clock;
    this.random = random;
  }

  /** A token that the server hands out by itself. */
  Made make(String name, Role role) {
    return store(new AppCaller(SERVER, Role.OWNER, null, null, null), name, role, null);
  }

  /**
   * A token of the caller's.
   *
   * @param lifetime null for as long as the caller's own token, or until it is revoked
   */
  Made make(AppCaller maker, String name, Role role, @Nullable Duration lifetime) {
    if (!NAME.matcher(name).matches()) {
      throw new WrongFieldException(
          "name", "must be 1 to 100 letters, digits, spaces and . _ @ : / -, no space at its ends");
    }
    if (!maker.role().reaches(role)) {
      throw new NiroException(
          ErrorCode.FORBIDDEN,
          "a token must not be stronger than its maker, who is " + maker.role().wireName());
    }
    Made made = store(maker, name, role, expiry(maker, lifetime));
    log.info("{} made token {}, {}", maker.id(), made.token().keyId(), role.wireName());
    return made;
  }

  private @Nullable Instant expiry(AppCaller maker, @Nullable Duration lifetime) {
    Instant latest = maker.token() == null ? null : maker.token().expiresAt();
    if (lifetime == null) {
      return latest;
    }
    if (lifetime.compareTo(SHORTEST_LIFE) < 0 || lifetime.compareTo(LONGEST_LIFE) > 0) {
      throw new WrongFieldException(
          "lifetimeSeconds",
          "must be %d to %d, but was %d"
              .formatted(
                  SHORTEST_LIFE.toSeconds(), LONGEST_LIFE.toSeconds(), lifetime.toSeconds()));
    }
    Instant expiresAt = now().plus(lifetime);
    if (latest != null && expiresAt.isAfter(latest)) {
      throw new WrongFieldException(
          "lifetimeSeconds", "the token that makes this one ends before, at " + latest);
    }
    return expiresAt;
  }

  private Made store(AppCaller maker, String name, Role role, @Nullable Instant expiresAt) {
    Credential secret = Credential.mint(Credential.Kind.API_TOKEN, random);
    ApiTokens.Token token =
        new ApiTokens.Token(
            secret.keyId(),
            secret.hash(),
            name,
            role,
            maker.name(),
            maker.userId(),
            now(),
            null,
            expiresAt);
    if (maker.token() == null) {
      tokens.add(token);
    } else if (!tokens.addBy(maker.token().keyId(), token)) {
      throw new NiroException(ErrorCode.NOT_AUTHENTICATED, "the token was revoked");
    }
    return new Made(token, secret);
  }

  /** As exactly as it is stored, so that all answers agree. */
  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /** The tokens that the caller sees, the newest first. */
  List<ApiTokens.Token> list(AppCaller caller) {
    return tokens.list().stream().filter(token -> sees(caller, token)).toList();
  }

  /**
   * Ends a token, the tokens that it made, and theirs, and whatever is open by them.
   *
   * @return the ids of all that ended
   */
  List<String> revoke(AppCaller caller, String keyId) {
    ApiTokens.Token token =
        tokens.find(keyId).filter(known -> sees(caller, known)).orElseThrow(TokenDesk::notFound);
    if (!caller.role().reaches(token.role())) {
      throw new NiroException(
          ErrorCode.FORBIDDEN, "the token is stronger than you: it is " + token.role().wireName());
    }
    List<String> ended = tokens.revoke(keyId, clock.instant());
    if (ended.isEmpty()) {
      throw notFound();
    }
    log.info("{} revoked token {}; ended with those it made: {}", caller.id(), keyId, ended);
    cutOff.end(open -> open.token() != null && ended.contains(open.token().keyId()));
    return ended;
  }

  private static boolean sees(AppCaller caller, ApiTokens.Token token) {
    return caller.mayAdminister()
        || caller.isToken(token.keyId())
        || (caller.userId() != null && caller.userId().equals(token.userId()));
  }

  private static InvalidRequestException notFound() {
    return new InvalidRequestException(ErrorCode.NOT_FOUND, "there is no such token");
  }
}
