package cx.niro.app.access;

import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.NiroException;
import cx.niro.server.http.NiroRequest;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /api/v1/tokens} and {@code /api/v1/members}: the REST API's part that is the app's own.
 */
final class AccessServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;
  private static final Logger log = LoggerFactory.getLogger(AccessServlet.class);
  private static final String PREFIX = "/api/v1/";

  /** What is answered: a status and a body, none for 204. */
  private record Reply(int status, Map<String, @Nullable Object> body) {
    static final Reply NOTHING = new Reply(204, Map.of());
  }

  private interface Action {
    Reply answer(AccessCall call);
  }

  private final transient AppAccessControl control;
  private final transient TokenDesk tokens;
  private final transient MemberDesk members;
  private final transient TrustedProxies proxies;
  private final transient Deeds deeds;
  private final transient Map<String, Map<String, Action>> routes = new TreeMap<>();

  AccessServlet(
      AppAccessControl control,
      TokenDesk tokens,
      MemberDesk members,
      TrustedProxies proxies,
      Deeds deeds) {
    this.deeds = deeds;
    this.control = control;
    this.tokens = tokens;
    this.members = members;
    this.proxies = proxies;
    routes.put("tokens", Map.of("GET", this::listTokens, "POST", this::makeToken));
    routes.put("tokens/{id}", Map.of("DELETE", this::revokeToken));
    routes.put("members", Map.of("GET", this::listMembers, "POST", this::addMember));
    routes.put("members/{id}", Map.of("DELETE", this::removeMember));
    routes.put("members/{id}/invitation", Map.of("POST", this::invite));
    routes.put("members/me/password", Map.of("PUT", this::changePassword));
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    SmallBody.collect(request, response, SmallBody.DEADLINE, this::serve);
  }

  private void serve(HttpServletRequest request, HttpServletResponse response) throws IOException {
    response.setHeader("Cache-Control", "no-store");
    response.setHeader("X-Content-Type-Options", "nosniff");
    try {
      Reply reply = answer(request, response);
      if (reply.status() == Reply.NOTHING.status()) {
        response.setStatus(reply.status());
      } else {
        Replies.write(response, reply.status(), "application/json", reply.body());
      }
    } catch (NiroException e) {
      log.debug("{} refused: {}", AccessCall.shown(request), e.getMessage());
      Replies.refuse(e, response);
    } catch (RuntimeException e) {
      String id = UUID.randomUUID().toString();
      log.error("{} failed; the caller was told error {}", AccessCall.shown(request), id, e);
      Replies.fail(id, response);
    }
  }

  private Reply answer(HttpServletRequest request, HttpServletResponse response) {
    String path = request.getRequestURI().substring(PREFIX.length());
    String[] parts = path.split("/", -1);
    String id = parts.length > 1 ? parts[1] : "";
    String template = routes.containsKey(path) || id.isEmpty() ? path : templateOf(parts);
    @Nullable Map<String, Action> methods = routes.get(template);
    if (methods == null) {
      throw new InvalidRequestException(ErrorCode.NOT_FOUND, "there is nothing at this path");
    }
    String method = request.getMethod().equals("HEAD") ? "GET" : request.getMethod();
    @Nullable Action action = methods.get(method);
    if (action == null) {
      response.setHeader("Allow", String.join(", ", new TreeMap<>(methods).keySet()));
      throw new InvalidRequestException(
          ErrorCode.METHOD_NOT_ALLOWED, "this path does not take this method");
    }
    AppCaller caller =
        callerOf(request)
            .orElseThrow(
                () ->
                    new InvalidRequestException(
                        ErrorCode.NOT_AUTHENTICATED,
                        "send an API token as Authorization: Bearer, or log in"));
    AccessCall call = new AccessCall(caller, id, request);
    if (method.equals("GET")) {
      return action.answer(call);
    }
    return deeds.follow(
        caller,
        method + " /" + template,
        "/" + path,
        () -> action.answer(call),
        reply -> madeBy(reply, path));
  }

  /** A new thing's path; null when nothing was made. */
  private static @Nullable String madeBy(Reply reply, String path) {
    for (String thing : List.of("token", "member")) {
      if (path.equals(thing + "s") && reply.body().get(thing) instanceof Map<?, ?> made) {
        return "/" + path + "/" + made.get("id");
      }
    }
    return null;
  }

  private static String templateOf(String[] parts) {
    String[] template = parts.clone();
    template[1] = "{id}";
    return String.join("/", template);
  }

  private Optional<AppCaller> callerOf(HttpServletRequest request) {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    for (String name : Collections.list(request.getHeaderNames())) {
      headers.put(name.toLowerCase(Locale.ROOT), Collections.list(request.getHeaders(name)));
    }
    InputStream none = InputStream.nullInputStream();
    return control.callerOf(
        new NiroRequest(
            request.getMethod(),
            request.getRequestURI(),
            Map.of(),
            headers,
            none,
            request.getRemoteAddr()));
  }

  private Reply listTokens(AccessCall call) {
    return new Reply(
        200, call.page(tokens.list(call.caller()), ApiTokens.Token::keyId, AccessServlet::shown));
  }

  private Reply makeToken(AccessCall call) {
    call.allow(Set.of());
    Map<?, ?> body = call.body(Set.of("name", "role", "lifetimeSeconds"));
    @Nullable Long seconds = AccessCall.number(body, "lifetimeSeconds");
    TokenDesk.Made made =
        tokens.make(
            call.caller(),
            AccessCall.text(body, "name"),
            AccessCall.role(body, Role.VIEWER),
            seconds == null ? null : Duration.ofSeconds(seconds));
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("token", shown(made.token()));
    answer.put("secret", made.secret().secretText());
    return new Reply(201, answer);
  }

  private Reply revokeToken(AccessCall call) {
    call.allow(Set.of("users"));
    String users = call.request().getParameter("users");
    if (users != null && !users.equals("remove")) {
      throw new WrongFieldException("users", "must be remove, or left out");
    }
    List<String> ended = tokens.revoke(call.caller(), call.id());
    members.endWith(call.caller(), ended, users != null);
    return Reply.NOTHING;
  }

  private Reply listMembers(AccessCall call) {
    return new Reply(
        200, call.page(members.list(call.caller()), Accounts.User::id, AccessServlet::shown));
  }

  private Reply addMember(AccessCall call) {
    call.allow(Set.of());
    Map<?, ?> body = call.body(Set.of("email", "role"));
    MemberDesk.Invited invited =
        members.add(
            call.caller(), AccessCall.text(body, "email"), AccessCall.role(body, Role.VIEWER));
    return new Reply(201, shown(invited));
  }

  private Reply invite(AccessCall call) {
    call.allow(Set.of());
    return new Reply(201, shown(members.invite(call.caller(), call.id())));
  }

  private Reply removeMember(AccessCall call) {
    call.allow(Set.of());
    members.remove(call.caller(), call.id());
    return Reply.NOTHING;
  }

  private Reply changePassword(AccessCall call) {
    call.allow(Set.of());
    Map<?, ?> body = call.body(Set.of("currentPassword", "newPassword"));
    members.changePassword(
        call.caller(),
        AccessCall.text(body, "currentPassword"),
        AccessCall.text(body, "newPassword"),
        proxies.senderOf(call.request()));
    return Reply.NOTHING;
  }

  private static Map<String, @Nullable Object> shown(ApiTokens.Token token) {
    Map<String, @Nullable Object> shown = new LinkedHashMap<>();
    shown.put("id", token.keyId());
    shown.put("name", token.name());
    shown.put("role", token.role().wireName());
    shown.put("createdBy", token.madeBy());
    shown.put("createdAt", token.createdAt().toString());
    shown.put("lastUsedAt", text(token.lastUsedAt()));
    shown.put("expiresAt", text(token.expiresAt()));
    return shown;
  }

  private static Map<String, @Nullable Object> shown(Accounts.User user) {
    Map<String, @Nullable Object> shown = new LinkedHashMap<>();
    shown.put("id", user.id());
    shown.put("email", user.email());
    shown.put("role", user.role().wireName());
    shown.put("state", user.passwordHash().isEmpty() ? "invited" : "active");
    shown.put("createdAt", user.createdAt().toString());
    shown.put("addedBy", user.addedBy());
    return shown;
  }

  private static Map<String, @Nullable Object> shown(MemberDesk.Invited invited) {
    Map<String, @Nullable Object> invitation = new LinkedHashMap<>();
    invitation.put("path", linkPath(invited));
    invitation.put("expiresAt", invited.expiresAt().toString());
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("member", shown(invited.user()));
    answer.put("invitation", invitation);
    return answer;
  }

  /**
   * Without the server's address, which is not ours to know; the fragment reaches no proxy's log.
   */
  private static String linkPath(MemberDesk.Invited invited) {
    String email = URLEncoder.encode(invited.user().email(), StandardCharsets.UTF_8);
    return "/setup#code=" + invited.code() + "&email=" + email;
  }

  private static @Nullable String text(@Nullable Instant instant) {
    return instant == null ? null : instant.toString();
  }
}
