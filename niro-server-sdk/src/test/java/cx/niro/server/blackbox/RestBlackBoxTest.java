package cx.niro.server.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.server.testkit.Wire.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RestBlackBoxTest extends Scene {
  @Test
  void nobody_gets_in_without_a_token_and_probes_and_documents_need_none() {
    assertThat(wire.get("/api/v1/clusters", "").problem()).isEqualTo("401 not_authenticated");
    assertThat(wire.get("/api/v1/clusters", "guess").problem()).isEqualTo("401 not_authenticated");
    assertThat(wire.get("/healthz", "").text("/status")).isEqualTo("ok");
    assertThat(wire.get("/readyz", "").text("/status")).isEqualTo("ok");
    assertThat(wire.get("/openapi.yaml", "").body()).startsWith("openapi: 3.1");
  }

  @Test
  void what_a_caller_may_not_see_does_not_exist_for_him() {
    Enrolled cluster = enrolledCluster("berlin");
    String command = wire.post(cluster.path("/commands"), OWNER, "{\"kind\":\"ping\"}").text("/id");

    for (String path :
        List.of(
            "",
            "/nodes",
            "/pods",
            "/workloads",
            "/events",
            "/incidents",
            "/timeline",
            "/commands",
            "/commands/" + command)) {
      assertThat(wire.get(cluster.path(path), Booted.STRANGER).problem())
          .as(path)
          .isEqualTo("404 not_found");
    }
    assertThat(wire.delete(cluster.path("?confirm=berlin"), Booted.STRANGER).problem())
        .isEqualTo("404 not_found");
    assertThat(wire.post(cluster.path("/enrollment"), Booted.STRANGER, "{}").problem())
        .isEqualTo("404 not_found");
    assertThat(wire.get("/api/v1/clusters", Booted.STRANGER).json().at("/items")).isEmpty();
    assertThat(wire.get("/api/v1/pods", Booted.STRANGER).json().at("/items")).isEmpty();
    assertThat(wire.get("/api/v1/fleet", Booted.STRANGER).text("/clusters")).isEqualTo("0");
  }

  @Test
  void what_a_caller_may_see_but_not_do_is_forbidden() {
    Enrolled cluster = enrolledCluster("berlin");
    String viewer = Booted.VIEWER;

    assertThat(wire.get(cluster.path(""), viewer).status()).isEqualTo(200);
    assertThat(wire.patch(cluster.path(""), viewer, "{\"name\":\"x\"}").problem())
        .isEqualTo("403 forbidden");
    assertThat(wire.post(cluster.path("/commands"), viewer, "{\"kind\":\"ping\"}").problem())
        .isEqualTo("403 forbidden");
    assertThat(wire.post("/api/v1/clusters", viewer, "{\"name\":\"x\"}").problem())
        .isEqualTo("403 forbidden");
    assertThat(wire.delete(cluster.path("?confirm=berlin"), viewer).problem())
        .isEqualTo("403 forbidden");
  }

  @Test
  void deleting_asks_for_the_name() {
    Enrolled cluster = enrolledCluster("berlin");

    assertThat(wire.delete(cluster.path(""), OWNER).problem())
        .isEqualTo("422 confirmation_required");
    assertThat(wire.delete(cluster.path("?confirm=Berlin"), OWNER).problem())
        .isEqualTo("422 confirmation_required");
    assertThat(status(cluster.id())).isEqualTo("healthy");
  }

  @Test
  void a_name_is_given_once_in_an_organization() {
    newCluster("berlin");

    assertThat(wire.post("/api/v1/clusters", OWNER, "{\"name\":\"berlin\"}").problem())
        .isEqualTo("409 name_taken");
    assertThat(wire.post("/api/v1/clusters", Booted.STRANGER, "{\"name\":\"berlin\"}").status())
        .isEqualTo(201);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"nmae\":\"x\"}|nmae",
        "{\"name\":7}|name",
        "{}|name",
        "{\"name\":\"x\",\"environment\":\"prod\"}|environment",
        "{\"name\":\"x\",\"labels\":{\"a b\":\"c\"}}|labels",
      })
  void a_wrong_member_is_named(String body, String field) {
    Answer refused = wire.post("/api/v1/clusters", OWNER, body);

    assertThat(refused.problem()).isEqualTo("422 invalid_field");
    assertThat(refused.text("/field")).isEqualTo(field);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "limit=0",
        "limit=1001",
        "limit=ten",
        "cursor=garbage",
        "cursor=cG9kcwB4",
        "status=sick",
        "environment=prod",
        "limit=1&limit=2"
      })
  void a_wrong_parameter_is_named(String query) {
    Answer refused = wire.get("/api/v1/clusters?" + query, OWNER);

    assertThat(refused.problem()).isEqualTo("422 invalid_field");
    assertThat(refused.text("/field")).isEqualTo(query.substring(0, query.indexOf('=')));
  }

  @ParameterizedTest
  @ValueSource(strings = {"apply", "logs", "self_update", "PING", "acme.", "", "a.b c"})
  void kinds_that_have_routes_of_their_own_are_not_sent_as_commands(String kind) {
    Enrolled cluster = enrolledCluster("berlin");

    Answer refused = wire.post(cluster.path("/commands"), OWNER, "{\"kind\":\"" + kind + "\"}");

    assertThat(refused.problem()).isEqualTo("422 invalid_field");
    assertThat(refused.text("/field")).isEqualTo("kind");
  }

  @Test
  void a_vendors_command_needs_the_agents_capability() {
    Enrolled cluster = enrolledCluster("berlin");

    assertThat(
            wire.post(
                    cluster.path("/commands"),
                    OWNER,
                    "{\"kind\":\"acme.reboot\",\"payload\":{\"node\":\"pi-1\"}}")
                .status())
        .isEqualTo(202);
    assertThat(wire.post(cluster.path("/commands"), OWNER, "{\"kind\":\"acme.explode\"}").problem())
        .isEqualTo("409 capability_missing");
  }

  @Test
  void an_idempotency_key_makes_one_command_of_two_requests() {
    Enrolled cluster = enrolledCluster("berlin");
    String body = "{\"kind\":\"ping\",\"idempotencyKey\":\"once\"}";

    String first = wire.post(cluster.path("/commands"), OWNER, body).text("/id");

    assertThat(wire.post(cluster.path("/commands"), OWNER, body).text("/id")).isEqualTo(first);
    assertThat(
            wire.post(
                    cluster.path("/commands"),
                    OWNER,
                    "{\"kind\":\"acme.reboot\",\"idempotencyKey\":\"once\"}")
                .problem())
        .isEqualTo("409 idempotency_conflict");
    assertThat(wire.get(cluster.path("/commands"), OWNER).json().at("/items")).hasSize(1);
  }

  @Test
  void a_list_is_read_to_its_end_page_by_page() {
    List<String> names = List.of("a", "b", "c", "d", "e");
    names.forEach(this::newCluster);
    List<String> seen = new ArrayList<>();
    String cursor = "";
    do {
      Answer page =
          wire.get(
              "/api/v1/clusters?limit=2" + (cursor.isEmpty() ? "" : "&cursor=" + cursor), OWNER);
      seen.addAll(page.json().at("/items").findValuesAsText("name"));
      cursor = page.json().at("/nextCursor").asText("");
    } while (!cursor.isEmpty() && !cursor.equals("null"));

    assertThat(seen).isEqualTo(names);
  }

  @Test
  void a_method_that_a_path_does_not_take_is_405_with_those_that_it_takes() {
    Answer refused = wire.send(wire.request("/api/v1/clusters", OWNER).DELETE());

    assertThat(refused.problem()).isEqualTo("405 method_not_allowed");
    assertThat(refused.header("allow")).isEqualTo("GET, HEAD, POST");
    assertThat(wire.get("/agent/v1/heartbeat", "").problem()).isEqualTo("405 method_not_allowed");
  }

  @Test
  void head_is_get_without_the_body() {
    Answer head =
        wire.send(wire.request("/api/v1/clusters", OWNER).method("HEAD", BodyPublishers.noBody()));

    assertThat(head.status()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(Integer.parseInt(head.header("content-length"))).isPositive();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/api", "/api/v1", "/api/v1/", "/api/v1/clusters/", "/api/v2/clusters", "/x"})
  void a_path_that_is_not_there_is_a_problem_document_too(String path) {
    assertThat(wire.get(path, OWNER).problem()).isEqualTo("404 not_found");
  }
}
