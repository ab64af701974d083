package cx.niro.app.access;

import cx.niro.core.Credential;
import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.NiroException;
import cx.niro.core.SecretHash;
import cx.niro.server.http.NiroRequest;
import cx.niro.server.spi.AccessControl;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Knows callers by API token, or by session cookie together with the CSRF header. */
final class AppAccessControl implements AccessControl {
  static final String CSRF_HEADER = "niro-csrf";
  private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD", "OPTIONS");
  private static final String BEARER = "bearer ";

  private final ApiTokens tokens;
  private final InstantSource clock;
  private final Logins logins;
  private final SessionCookie cookie;
  private final TrustedProxies proxies;
  private final @Nullable SecretHash adminToken;

  AppAccessControl(
      ApiTokens tokens,
      Logins logins,
      SessionCookie cookie,
      TrustedProxies proxies,
      @Nullable SecretHash adminToken) {
    this.proxies = proxies;
    this.tokens = tokens;
    this.clock = logins.clock();
    this.logins = logins;
    this.cookie = cookie;
    this.adminToken = adminToken;
  }

  @Override
  public Optional<Caller> authenticate(NiroRequest request) {
    return callerOf(request).map(Function.identity());
  }

  /** The same with all that we know of him. */
  Optional<AppCaller> callerOf(NiroRequest request) {
    @Nullable String peer = request.remoteAddress();
    return known(request)
        .map(
            caller ->
                peer == null
                    ? caller
                    : caller.from(proxies.addressOf(peer, header(request, "x-forwarded-for"))));
  }

  private Optional<AppCaller> known(NiroRequest request) {
    List<String> authorization = header(request, "authorization");
    if (!authorization.isEmpty()) {
      return bearer(authorization.get(0)).flatMap(this::byToken);
    }
    return cookie.tokenIn(header(request, "cookie")).flatMap(token -> bySession(token, request));
  }

  private static Optional<String> bearer(String authorization) {
    boolean bearer = authorization.regionMatches(true, 0, BEARER, 0, BEARER.length());
    return bearer
        ? Optional.of(authorization.substring(BEARER.length()).strip())
        : Optional.empty();
  }

  private Optional<AppCaller> byToken(String text) {
    if (adminToken != null && adminToken.matches(text)) {
      return Optional.of(AppCaller.ADMIN_TOKEN);
    }
    try {
      Credential token = Credential.parse(Credential.Kind.API_TOKEN, text);
      Instant now = clock.instant();
      Optional<ApiTokens.Token> known =
          tokens
              .find(token.keyId())
              .filter(stored -> token.matches(stored.hash()) && stored.livesAt(now));
      known.ifPresent(stored -> tokens.used(stored, now));
      return known.map(AppCaller::of);
    } catch (InvalidRequestException e) {
      return Optional.empty();
    }
  }

  private Optional<AppCaller> bySession(String token, NiroRequest request) {
    Optional<Accounts.User> user = logins.userOf(token);
    if (user.isPresent() && !SAFE_METHODS.contains(request.method())) {
      checkCsrf(token, header(request, CSRF_HEADER));
    }
    return user.map(AppCaller::of);
  }

  /** Refuses a request that another site's page could have made. */
  static void checkCsrf(String sessionToken, List<String> header) {
    byte[] expected = Session.csrfToken(sessionToken).getBytes(StandardCharsets.UTF_8);
    boolean right =
        header.size() == 1
            && MessageDigest.isEqual(expected, header.get(0).getBytes(StandardCharsets.UTF_8));
    if (!right) {
      throw new NiroException(
          ErrorCode.FORBIDDEN, "the header Niro-CSRF is missing or not of this session");
    }
  }

  private static List<String> header(NiroRequest request, String name) {
    return request.headers().getOrDefault(name, List.of());
  }
}
