package cx.niro.app.dashboard;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** The REST API and the session of a server in which nothing happens unless the test says so. */
final class StubApi extends HttpServlet {
  private static final long serialVersionUID = 1L;

  /** When all fixtures were true. */
  static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  /** What the page sent. */
  record Call(String line, String csrf, String body) {}

  /** What it gets back. */
  record Answer(int status, String json) {}

  final transient List<Call> calls = new CopyOnWriteArrayList<>();
  private final transient Map<String, Function<HttpServletRequest, Answer>> answers =
      new ConcurrentHashMap<>();
  private transient volatile Instant now = NOON;

  StubApi() {
    ok("GET /app/session", session("anna@example.com"));
    ok("GET /api/v1/clusters", Fixtures.text("clusters.json"));
    ok("GET /api/v1/incidents", Fixtures.text("fleet-incidents.json"));
    for (String list : List.of("nodes", "incidents", "workloads", "timeline")) {
      ok("GET /api/v1/clusters/c-03/" + list, Fixtures.text(list + ".json"));
    }
    ok("GET /api/v1/clusters/c-03", Fixtures.cluster("c-03"));
    for (String list : List.of("audit", "silences", "channels", "tokens", "members")) {
      ok("GET /api/v1/" + list, Fixtures.text(list + ".json"));
    }
    for (String of : List.of("", "clusters/c-03/")) {
      on(
          "GET /api/v1/" + of + "findings",
          request -> new Answer(200, Fixtures.findings(request.getParameter("state"))));
    }
    ok("GET /api/v1/clusters/c-03/policy", Fixtures.text("policy.json"));
    ok("GET /api/v1/clusters/c-03/deployments", Fixtures.list());
    for (String channel : List.of("ch-1", "ch-2", "ch-3")) {
      ok("GET /api/v1/channels/" + channel + "/deliveries", Fixtures.text("deliveries.json"));
    }
    for (String id : List.of("i-1", "i-4", "i-5", "i-8")) {
      ok("GET /api/v1/incidents/" + id, Fixtures.incident(id));
    }
    DeploymentFixture.serve(this);
    ok("GET /api/v1/fleet", Fixtures.text("fleet.json"));
    on("GET /api/v1/pods", request -> new Answer(200, PodFixture.page(request)));
  }

  static String session(String email) {
    return session(email, "owner", "read", "write", "administer");
  }

  static String session(String email, String role, String... permissions) {
    return """
        {"user": {"email": "%s", "role": "%s", "permissions": ["%s"]}, "csrfToken": "c5rf", "setupNeeded": false}"""
        .formatted(email, role, String.join("\", \"", permissions));
  }

  void ok(String call, String json) {
    on(call, request -> new Answer(200, json));
  }

  /** What the call makes is read from then on, and not by a refresh that was under way before. */
  void change(String call, String read, String json) {
    on(
        call,
        request -> {
          ok(read, json);
          return new Answer(200, json);
        });
  }

  void refuse(String call, int status, String code, String detail) {
    on(
        call,
        request ->
            new Answer(
                status,
                """
                {"type": "about:blank", "title": "No", "status": %d, "code": "%s", "detail": "%s"}"""
                    .formatted(status, code, detail)));
  }

  void on(String call, Function<HttpServletRequest, Answer> answer) {
    answers.put(call, answer);
  }

  void time(Instant instant) {
    now = instant;
  }

  /** The newest call that begins so. */
  Call last(String call) {
    return calls.stream()
        .filter(one -> one.line().startsWith(call))
        .reduce((earlier, later) -> later)
        .orElseThrow();
  }

  long count(String call) {
    return calls.stream().filter(one -> one.line().startsWith(call)).count();
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String call = request.getMethod() + " " + request.getRequestURI();
    String query = request.getQueryString() == null ? "" : "?" + request.getQueryString();
    String body = new String(request.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    calls.add(new Call(call + query, String.valueOf(request.getHeader("Niro-CSRF")), body));
    response.setHeader(
        "Date", DateTimeFormatter.RFC_1123_DATE_TIME.format(now.atOffset(ZoneOffset.UTC)));
    Answer answer =
        answers
            .getOrDefault(call, missing -> new Answer(404, "{\"code\": \"not_found\"}"))
            .apply(request);
    response.setStatus(answer.status());
    if (answer.status() != 204) {
      response.setContentType("application/json");
      response.getOutputStream().write(answer.json().getBytes(StandardCharsets.UTF_8));
    }
  }
}
