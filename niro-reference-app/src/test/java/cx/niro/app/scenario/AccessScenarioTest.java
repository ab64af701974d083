package cx.niro.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.app.ExitCode;
import cx.niro.app.server.RunningServer;
import cx.niro.server.testkit.ApiDocument;
import cx.niro.server.testkit.Wire;
import cx.niro.server.testkit.Wire.Answer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tokens and users over HTTP; every answer is held against the document that is served. */
class AccessScenarioTest {
  private static final String ADMIN = Servers.ADMIN_TOKEN;
  private static final String TOKENS = "/api/v1/tokens";
  private static final String MEMBERS = "/api/v1/members";
  private static final String PASSWORD = "correct horse battery";

  private final RunningServer server = Servers.inMemory();
  private final Wire wire;

  AccessScenarioTest() throws Exception {
    wire = new Wire(server.address());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void a_token_works_from_its_making_to_its_end() {
    Answer made = wire.post(TOKENS, ADMIN, "{\"name\":\"ci\",\"role\":\"member\"}");
    assertThat(made.status()).isEqualTo(201);
    String secret = made.text("/secret");
    assertThat(made.text("/token/createdBy")).isEqualTo("NIRO_ADMIN_TOKEN");

    assertThat(wire.post("/api/v1/clusters", secret, "{\"name\":\"lab\"}").status()).isEqualTo(201);
    Answer listed = wire.get(TOKENS, ADMIN);
    assertThat(listed.text("/items/0/name")).isEqualTo("ci");
    assertThat(listed.text("/items/0/lastUsedAt")).startsWith("20");
    assertThat(listed.body()).doesNotContain(secret);

    assertThat(wire.delete(TOKENS + "/" + made.text("/token/id"), ADMIN).status()).isEqualTo(204);
    assertThat(wire.get("/api/v1/fleet", secret).problem()).isEqualTo("401 not_authenticated");
    assertThat(wire.delete(TOKENS + "/" + made.text("/token/id"), ADMIN).problem())
        .isEqualTo("404 not_found");
  }

  @Test
  void a_revoked_tokens_open_stream_ends() throws Exception {
    Answer made = wire.post(TOKENS, ADMIN, "{\"name\":\"screen\"}");
    HttpRequest open = wire.request("/api/v1/stream", made.text("/secret")).build();
    CompletableFuture<Void> ended =
        HttpClient.newHttpClient()
            .sendAsync(open, BodyHandlers.ofLines())
            .thenAccept(response -> response.body().forEach(line -> {}));
    Await.until("the stream is open", () -> server.openStreams() == 1);

    wire.delete(TOKENS + "/" + made.text("/token/id"), ADMIN);

    ended.get(20, TimeUnit.SECONDS);
  }

  @Test
  void with_a_token_end_those_that_it_made_and_theirs_and_no_others() throws Exception {
    Answer stolen = wire.post(TOKENS, ADMIN, "{\"name\":\"stolen\",\"role\":\"admin\"}");
    String other = secret("other", "{\"name\":\"other\"}");
    String child =
        wire.post(TOKENS, stolen.text("/secret"), "{\"name\":\"c\",\"role\":\"admin\"}")
            .text("/secret");
    String grandchild = wire.post(TOKENS, child, "{\"name\":\"g\"}").text("/secret");
    CompletableFuture<Void> ended =
        HttpClient.newHttpClient()
            .sendAsync(wire.request("/api/v1/stream", grandchild).build(), BodyHandlers.ofLines())
            .thenAccept(response -> response.body().forEach(line -> {}));
    Await.until("the stream is open", () -> server.openStreams() == 1);

    assertThat(wire.delete(TOKENS + "/" + stolen.text("/token/id"), ADMIN).status()).isEqualTo(204);

    ended.get(20, TimeUnit.SECONDS);
    assertThat(wire.get("/api/v1/fleet", child).status()).isEqualTo(401);
    assertThat(wire.get("/api/v1/fleet", grandchild).status()).isEqualTo(401);
    assertThat(wire.get("/api/v1/fleet", other).status()).isEqualTo(200);
  }

  @Test
  void with_a_stolen_token_end_its_links_and_if_asked_the_users_that_it_added() {
    Answer stolen = wire.post(TOKENS, ADMIN, "{\"name\":\"stolen\",\"role\":\"admin\"}");
    String thief = stolen.text("/secret");
    Answer kept = wire.post(MEMBERS, ADMIN, "{\"email\":\"kept@example.com\"}");
    wire.post(MEMBERS, thief, "{\"email\":\"invited@example.com\"}");
    Answer active = wire.post(MEMBERS, thief, "{\"email\":\"active@example.com\"}");
    setPassword(active);
    assertThat(wire.get(MEMBERS, ADMIN).json().at("/items").findValuesAsText("addedBy"))
        .containsExactly("stolen", "stolen", "NIRO_ADMIN_TOKEN");
    wire.post(MEMBERS + "/" + kept.text("/member/id") + "/invitation", thief, "{}");

    String path = TOKENS + "/" + stolen.text("/token/id");
    assertThat(wire.delete(path + "?users=all", ADMIN).problem()).isEqualTo("422 invalid_field");
    assertThat(wire.delete(path, ADMIN).status()).isEqualTo(204);
    assertThat(emails()).containsExactly("active@example.com", "kept@example.com");
  }

  @Test
  void a_stolen_token_takes_the_users_along_that_it_added() {
    Answer stolen = wire.post(TOKENS, ADMIN, "{\"name\":\"stolen\",\"role\":\"admin\"}");
    setPassword(wire.post(MEMBERS, stolen.text("/secret"), "{\"email\":\"mole@example.com\"}"));
    Cli niro = new Cli(server.address(), ADMIN);
    assertThat(niro.run("token", "revoke", "stolen", "--with-users").exitCode()).isZero();
    assertThat(emails()).isEmpty();
  }

  private List<String> emails() {
    return wire.get(MEMBERS, ADMIN).json().at("/items").findValuesAsText("email");
  }

  private void setPassword(Answer invited) {
    Browser user = new Browser(server.address());
    assertThat(user.setUp(codeIn(invited), invited.text("/member/email")).statusCode())
        .isEqualTo(200);
  }

  @Test
  void nobody_makes_a_token_that_is_stronger_or_lives_longer_than_his_own() {
    String member =
        secret("member", "{\"name\":\"m\",\"role\":\"member\",\"lifetimeSeconds\":600}");

    assertThat(wire.post(TOKENS, member, "{\"name\":\"x\",\"role\":\"admin\"}").problem())
        .isEqualTo("403 forbidden");
    assertThat(wire.post(TOKENS, member, "{\"name\":\"x\",\"lifetimeSeconds\":601}").text("/field"))
        .isEqualTo("lifetimeSeconds");
    Answer child = wire.post(TOKENS, member, "{\"name\":\"x\",\"role\":\"member\"}");
    assertThat(child.json().at("/token/expiresAt").isNull()).isFalse();

    String admin = secret("admin", "{\"name\":\"a\",\"role\":\"admin\"}");
    String owner =
        wire.post(TOKENS, ADMIN, "{\"name\":\"o\",\"role\":\"owner\"}").text("/token/id");
    assertThat(wire.delete(TOKENS + "/" + owner, admin).problem()).isEqualTo("403 forbidden");
    assertThat(wire.delete(TOKENS + "/" + owner, member).problem()).isEqualTo("404 not_found");
  }

  private String secret(String what, String body) {
    Answer made = wire.post(TOKENS, ADMIN, body);
    assertThat(made.status()).as(what + made.body()).isEqualTo(201);
    return made.text("/secret");
  }

  @Test
  void a_user_is_invited_chooses_a_password_and_is_removed_with_all_he_made() {
    Answer added = wire.post(MEMBERS, ADMIN, "{\"email\":\"eve@example.com\",\"role\":\"member\"}");
    assertThat(added.text("/member/state")).isEqualTo("invited");
    Browser eve = new Browser(server.address());
    assertThat(eve.setUp(codeIn(added), "eve@example.com").statusCode()).isEqualTo(200);
    assertThat(wire.get(MEMBERS, ADMIN).text("/items/0/state")).isEqualTo("active");
    assertThat(new Browser(server.address()).setUp(codeIn(added), "eve@example.com").statusCode())
        .isEqualTo(401);

    String token = wire.post(TOKENS, ADMIN, "{\"name\":\"other\"}").text("/secret");
    var made = eve.send("POST", TOKENS, "{\"name\":\"mine\",\"role\":\"member\"}");
    assertThat(made.statusCode()).isEqualTo(201);
    String own = new Answer(201, made.headers(), made.body()).text("/secret");
    assertThat(wire.get(TOKENS, own).json().at("/items")).hasSize(1);
    assertThat(wire.get(MEMBERS, own).problem()).isEqualTo("403 forbidden");

    String id = added.text("/member/id");
    assertThat(wire.delete(MEMBERS + "/" + id, ADMIN).status()).isEqualTo(204);
    assertThat(eve.send("GET", "/api/v1/fleet", null).statusCode()).isEqualTo(401);
    assertThat(wire.get("/api/v1/fleet", own).status()).isEqualTo(401);
    assertThat(wire.get("/api/v1/fleet", token).status()).isEqualTo(200);
  }

  @Test
  void the_audit_tells_of_users_tokens_and_logins_with_role_and_address() {
    Answer added = wire.post(MEMBERS, ADMIN, "{\"email\":\"eve@example.com\"}");
    Browser eve = new Browser(server.address());
    eve.setUp(codeIn(added), "eve@example.com");
    eve.send("DELETE", MEMBERS + "/" + added.text("/member/id"), null);
    eve.send("POST", TOKENS, "{\"name\":\"mine\",\"role\":\"viewer\"}");

    List<String> told = new ArrayList<>();
    wire.get("/api/v1/audit?limit=4", ADMIN)
        .json()
        .get("items")
        .forEach(
            entry ->
                told.add(
                    entry.get("actor").asText()
                        + " "
                        + entry.get("role").asText()
                        + " "
                        + entry.get("address").asText()
                        + " "
                        + entry.get("action").asText()
                        + " "
                        + entry.get("outcome").asText()));
    assertThat(told)
        .containsExactly(
            "eve@example.com viewer 127.0.0.1 POST /tokens done",
            "eve@example.com viewer 127.0.0.1 DELETE /members/{id} refused",
            "eve@example.com viewer 127.0.0.1 POST /setup done",
            "NIRO_ADMIN_TOKEN owner 127.0.0.1 POST /members done");
  }

  @Test
  void a_user_changes_his_password_and_has_to_log_in_again() {
    Answer added = wire.post(MEMBERS, ADMIN, "{\"email\":\"eve@example.com\"}");
    Browser eve = new Browser(server.address());
    eve.setUp(codeIn(added), "eve@example.com");
    String path = MEMBERS + "/me/password";

    String wrong = "{\"currentPassword\":\"wrong\",\"newPassword\":\"another long password\"}";
    assertThat(eve.send("PUT", path, wrong).statusCode()).isEqualTo(422);
    assertThat(eve.send("PUT", path, wrong.replace("wrong", PASSWORD)).statusCode()).isEqualTo(204);

    assertThat(eve.send("GET", "/api/v1/fleet", null).statusCode()).isEqualTo(401);
    assertThat(eve.logIn("eve@example.com", PASSWORD).statusCode()).isEqualTo(401);
    var again = eve.logIn("eve@example.com", "another long password");
    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(again.body()).contains("\"permissions\":[\"read\"]");
  }

  @Test
  void too_many_wrong_passwords_are_told_how_long_to_wait() {
    Browser stranger = new Browser(server.address());
    for (int i = 0; i < 5; i++) {
      assertThat(stranger.logIn("eve@example.com", "guess").statusCode()).isEqualTo(401);
    }

    var refused = stranger.logIn("eve@example.com", "guess");

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValue("retry-after").orElse("")).matches("[1-5]");
  }

  @Test
  void the_command_line_makes_lists_and_revokes_tokens_and_users() {
    Cli niro = new Cli(server.address(), ADMIN);
    Cli.Ran made = niro.run("token", "create", "ci", "--role", "admin", "--expires", "90d");
    assertThat(made.exitCode()).as(made.err()).isEqualTo(ExitCode.OK);
    assertThat(made.out())
        .containsPattern("Token +niro_at_\\w+\nId +\\w+\nRole +admin\nExpires +20");
    String secret = made.out().split("\\s+")[1];
    assertThat(niro.run("token", "list").out()).containsPattern("ci +admin ");
    assertThat(new Cli(server.address(), secret).run("get", "clusters").exitCode()).isZero();

    assertThat(niro.run("token", "revoke", "ci").out()).isEqualTo("Revoked ci\n");
    assertThat(niro.run("token", "revoke", "ci").exitCode()).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(new Cli(server.address(), secret).run("get", "clusters").exitCode())
        .isEqualTo(ExitCode.NOT_AUTHENTICATED);

    assertThat(niro.run("user", "add", "eve@example.com").out())
        .contains("Link     " + server.address() + "/setup#code=");
    assertThat(niro.run("user", "add", "Eve@example.com").exitCode()).isEqualTo(ExitCode.CONFLICT);
    assertThat(niro.run("user", "invite", "eve@example.com", "-o", "json").text("invitation.path"))
        .startsWith("/setup#code=");
    assertThat(niro.run("user", "list", "-o", "yaml").out()).contains("state: invited");
    assertThat(niro.run("user", "remove", "eve@example.com").exitCode()).isZero();
  }

  @Test
  void a_wrong_role_environment_or_address_ends_with_code_2() {
    Cli niro = new Cli(server.address(), ADMIN);
    assertThat(niro.run("token", "create", "ci", "--role", "boss").exitCode()).isEqualTo(2);
    assertThat(niro.run("enroll", "lyon", "--env", "moon").exitCode()).isEqualTo(2);
    assertThat(niro.run("user", "add", "nobody").exitCode()).isEqualTo(2);
  }

  @Test
  void every_documented_status_of_tokens_and_members_is_what_the_server_answers() {
    String token =
        wire.post(TOKENS, ADMIN, "{\"name\":\"x\",\"role\":\"owner\"}").text("/token/id");
    String admin = secret("admin", "{\"name\":\"a\",\"role\":\"admin\"}");
    String viewer = secret("viewer", "{\"name\":\"v\"}");
    String added = "{\"email\":\"eve@example.com\",\"role\":\"owner\"}";
    String member = wire.post(MEMBERS, ADMIN, added).text("/member/id");
    wire.post(MEMBERS, ADMIN, added);
    for (ApiDocument.Operation operation : ours()) {
      String path = operation.path().replace("{token}", token).replace("{member}", member);
      String absent = operation.path().replaceAll("\\{[a-z]+}", "absent");
      send(operation, path, "", "{}");
      send(operation, path, viewer, added);
      send(operation, path, admin, "{\"name\":\"x\",\"email\":\"a@b.c\",\"role\":\"owner\"}");
      send(operation, path + "?surprise=1", ADMIN, "{}");
      send(
          operation,
          path + (operation.method().equals("GET") ? "?limit=0" : ""),
          ADMIN,
          "{\"x\":1}");
      send(operation, absent, ADMIN, "{}");
      send(operation, path, ADMIN, "{\"x\":\"" + "x".repeat(70_000) + "\"}");
      if (wire.api().of(operation).has("requestBody")) {
        send(operation, path, ADMIN, "{");
        wire.send(
            wire.request(path, ADMIN)
                .method(operation.method(), HttpRequest.BodyPublishers.ofString("{}")));
      }
    }
    wire.post(TOKENS, admin, "{\"name\":\"x\",\"role\":\"owner\"}");
    ApiDocument.Operation password = new ApiDocument.Operation("PUT", MEMBERS + "/me/password");
    String words = "{\"currentPassword\":\"a\",\"newPassword\":\"a long enough one\"}";
    send(password, password.path(), ADMIN, words);
    wire.post(MEMBERS, ADMIN, "{\"email\":\"owner2@example.com\",\"role\":\"owner\"}");
    wire.post(MEMBERS + "/" + member + "/invitation", ADMIN, "");
    wire.get(MEMBERS, ADMIN);
    wire.get(TOKENS, ADMIN);
    wire.delete(MEMBERS + "/" + member, ADMIN);
    wire.delete(TOKENS + "/" + token + "?users=all", ADMIN);
    wire.delete(TOKENS + "/" + token, ADMIN);

    Set<String> missing = new TreeSet<>(wire.api().documented());
    missing.removeIf(status -> !status.contains(TOKENS) && !status.contains(MEMBERS));
    missing.removeAll(wire.api().covered());
    missing.removeIf(status -> status.matches("PUT .* (204|429)")); // by session; see above
    missing.removeIf(status -> status.endsWith(" 408")); // takes 10 s; see LoginServletTest
    assertThat(missing).isEmpty();
  }

  private List<ApiDocument.Operation> ours() {
    return wire.api().operations().stream()
        .filter(each -> each.path().startsWith(TOKENS) || each.path().startsWith(MEMBERS))
        .collect(Collectors.toList());
  }

  private void send(ApiDocument.Operation operation, String path, String bearer, String body) {
    HttpRequest.Builder request = wire.request(path, bearer);
    boolean takesBody = wire.api().of(operation).has("requestBody");
    wire.send(
        takesBody
            ? request
                .header("content-type", "application/json")
                .method(operation.method(), HttpRequest.BodyPublishers.ofString(body))
            : request.method(operation.method(), HttpRequest.BodyPublishers.noBody()));
  }

  private static String codeIn(Answer invited) {
    String path = invited.text("/invitation/path");
    return path.substring(path.indexOf("code=") + 5, path.indexOf("&email="));
  }

  /** A browser's session: its cookie and its CSRF token. */
  private static final class Browser {
    private final HttpClient client = HttpClient.newHttpClient();
    private final URI server;
    private String cookie = "";
    private String csrf = "";

    Browser(URI server) {
      this.server = server;
    }

    java.net.http.HttpResponse<String> setUp(String code, String email) {
      return begin(
          "/app/setup",
          "{\"code\":\"%s\",\"email\":\"%s\",\"password\":\"%s\"}"
              .formatted(code, email, PASSWORD));
    }

    java.net.http.HttpResponse<String> logIn(String email, String password) {
      return begin(
          "/app/login", "{\"email\":\"%s\",\"password\":\"%s\"}".formatted(email, password));
    }

    private java.net.http.HttpResponse<String> begin(String path, String body) {
      var response = send("POST", path, body);
      if (response.statusCode() == 200) {
        cookie = response.headers().firstValue("set-cookie").orElseThrow().split(";")[0];
        csrf = response.body().replaceAll(".*\"csrfToken\":\"([^\"]+)\".*", "$1");
      }
      return response;
    }

    java.net.http.HttpResponse<String> send(String method, String path, String body) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(server.resolve(path))
              .header("cookie", cookie)
              .header("niro-csrf", csrf)
              .header("content-type", "application/json")
              .method(
                  method,
                  body == null
                      ? HttpRequest.BodyPublishers.noBody()
                      : HttpRequest.BodyPublishers.ofString(body));
      try {
        return client.send(request.build(), BodyHandlers.ofString());
      } catch (java.io.IOException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
