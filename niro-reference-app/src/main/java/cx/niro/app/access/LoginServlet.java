package cx.niro.app.access;

import cx.niro.app.Json;
import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.NiroException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /app/setup}, {@code /app/login}, {@code /app/logout} and {@code /app/session}. */
final class LoginServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;
  private static final Logger log = LoggerFactory.getLogger(LoginServlet.class);

  private final transient Logins logins;
  private final transient SessionCookie cookie;
  private final transient TrustedProxies proxies;
  private final transient Deeds deeds;
  private final Duration bodyDeadline;

  LoginServlet(Logins logins, SessionCookie cookie, TrustedProxies proxies, Deeds deeds) {
    this(logins, cookie, proxies, deeds, SmallBody.DEADLINE);
  }

  LoginServlet(
      Logins logins,
      SessionCookie cookie,
      TrustedProxies proxies,
      Deeds deeds,
      Duration bodyDeadline) {
    this.deeds = deeds;
    this.logins = logins;
    this.cookie = cookie;
    this.proxies = proxies;
    this.bodyDeadline = bodyDeadline;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    SmallBody.collect(request, response, bodyDeadline, this::serve);
  }

  private void serve(HttpServletRequest request, HttpServletResponse response) throws IOException {
    response.setHeader("Cache-Control", "no-store");
    try {
      String call = request.getMethod() + " " + request.getRequestURI();
      switch (call) {
        case "GET /app/session" -> session(request, response);
        case "POST /app/setup" -> setUp(request, response);
        case "POST /app/login" -> logIn(request, response);
        case "POST /app/logout" -> logOut(request, response);
        default -> throw new NiroException(ErrorCode.NOT_FOUND, "there is no " + call);
      }
    } catch (NiroException e) {
      Replies.refuse(e, response);
    }
  }

  private void session(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Optional<String> token = tokenOf(request);
    Optional<Accounts.User> user = token.flatMap(logins::userOf);
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("user", user.map(LoginServlet::shown).orElse(null));
    body.put("csrfToken", user.isPresent() ? token.map(Session::csrfToken).orElse(null) : null);
    body.put("setupNeeded", logins.isSetupNeeded());
    Replies.write(response, 200, "application/json", body);
  }

  private void setUp(HttpServletRequest request, HttpServletResponse response) throws IOException {
    Map<?, ?> body = bodyOf(request);
    Session session = logins.setUp(text(body, "code"), text(body, "email"), text(body, "password"));
    begin("POST /setup", session, request, response);
  }

  private void logIn(HttpServletRequest request, HttpServletResponse response) throws IOException {
    Map<?, ?> body = bodyOf(request);
    Session session =
        body.containsKey("code")
            ? logins.logInByCode(text(body, "code"))
            : logins.logIn(text(body, "email"), text(body, "password"), proxies.senderOf(request));
    begin("POST /login", session, request, response);
  }

  private void begin(
      String how, Session session, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    log.info("{} logged in", session.user().email());
    List<String> forwarded = Collections.list(request.getHeaders("X-Forwarded-For"));
    AppCaller user =
        AppCaller.of(session.user()).from(proxies.addressOf(request.getRemoteAddr(), forwarded));
    deeds.happened(user, how, "/members/" + session.user().id());
    response.addHeader("Set-Cookie", cookie.begin(session.token()));
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("user", shown(session.user()));
    body.put("csrfToken", Session.csrfToken(session.token()));
    Replies.write(response, 200, "application/json", body);
  }

  private void logOut(HttpServletRequest request, HttpServletResponse response) {
    Optional<String> token = tokenOf(request);
    if (token.flatMap(logins::userOf).isPresent()) {
      List<String> header = Collections.list(request.getHeaders(AppAccessControl.CSRF_HEADER));
      AppAccessControl.checkCsrf(token.get(), header);
      logins.logOut(token.get());
    }
    response.addHeader("Set-Cookie", cookie.end());
    response.setStatus(204);
  }

  private Optional<String> tokenOf(HttpServletRequest request) {
    return cookie.tokenIn(Collections.list(request.getHeaders("Cookie")));
  }

  private static Map<String, @Nullable Object> shown(Accounts.User user) {
    Role role = user.role();
    return Map.of(
        "email", user.email(), "role", role.wireName(), "permissions", role.permissions());
  }

  /** A page of another site cannot send this content type without asking first. */
  static Map<?, ?> bodyOf(HttpServletRequest request) {
    String type = String.valueOf(request.getContentType());
    if (!type.startsWith("application/json")) {
      throw new InvalidRequestException(
          ErrorCode.UNSUPPORTED_MEDIA_TYPE, "the body must be application/json");
    }
    byte[] bytes = SmallBody.of(request);
    try {
      if (Json.parse(text(bytes)) instanceof Map<?, ?> body) {
        return body;
      }
      throw new InvalidRequestException(ErrorCode.MALFORMED_BODY, "the body must be an object");
    } catch (IllegalArgumentException e) {
      throw new InvalidRequestException(
          ErrorCode.MALFORMED_BODY, "the body is " + e.getMessage(), e);
    }
  }

  private static String text(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new InvalidRequestException(ErrorCode.MALFORMED_BODY, "the body is not UTF-8", e);
    }
  }

  private static String text(Map<?, ?> body, String name) {
    if (body.get(name) instanceof String text) {
      return text;
    }
    throw new InvalidRequestException(ErrorCode.INVALID_FIELD, name + " must be a text");
  }
}
