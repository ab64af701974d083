package cx.niro.server.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import cx.niro.server.servlet.Dripping;
import cx.niro.server.testkit.ApiDocument.Operation;
import cx.niro.server.testkit.Wire;
import cx.niro.server.testkit.Wire.Answer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Every status of every documented operation, asked for at least once. */
class ApiDocumentBlackBoxTest extends Scene {
  private static final String OBJECTS =
      """
      {"nodes":[{"meta":{"uid":"n1","name":"pi-1","hash":"a","createdAt":1767000000000,
          "labels":{"node-role.kubernetes.io/control-plane":"true"}},
        "conditions":[{"type":"Ready","status":"False"}],"info":{"kubeletVersion":"v1.34.1+k3s1"},
        "capacity":{"cpuMillis":4000,"memoryBytes":8000000000,"pods":110}}],
       "pods":[{"meta":{"uid":"p1","namespace":"shop","name":"cart-1","hash":"b",
          "rootOwner":{"kind":"Deployment","name":"cart"}},"nodeName":"pi-1",
        "spec":{"containers":[{"name":"app","image":"cart:1","requests":{"cpuMillis":100}}]},
        "status":{"phase":"Running","containers":[{"name":"app","ready":false,"restartCount":9,
          "waiting":{"reason":"CrashLoopBackOff"},
          "lastTerminated":{"exitCode":1,"finishedAt":1767600000000}}]}}],
       "events":[{"meta":{"uid":"e1","namespace":"shop","name":"e1","hash":"c"},"reason":"BackOff",
        "involved":{"kind":"Pod","namespace":"shop","name":"cart-1"},"lastSeenAt":1767600000000}]}
      """;

  private static final String POLICY =
      """
      {"profile":"restricted","namespaceProfiles":{"shop":"off"},
       "exemptions":[{"namespace":"shop","workload":"cart","rules":["single-replica"],"reason":"small"}]}
      """;

  private static final String SILENCE =
      """
      {"matchers":{"types":["node_not_ready"]},"durationSeconds":60,"reason":"new disks"}
      """;

  private static final String WANTED_IMAGE = "{\"digest\":\"sha256:%s\"}".formatted("7".repeat(64));

  private static final String WANTED_IMAGES = WANTED_IMAGE.replace("}", ",\"selector\":{}}");

  @Test
  void every_documented_status_of_every_operation_is_what_the_server_answers() throws Exception {
    Enrolled agent = enrolledCluster("berlin");
    walkSuccesses(agent);
    walkAgentRefusals(agent);
    for (Operation operation : wire.api().operations()) {
      String path = filled(operation, agent);
      if (!wire.api().of(operation).has("security")) {
        walkRestRefusals(operation, path);
      }
      walkBodies(operation, path, agent);
    }
    walkSlowBodies(agent);
    walkConflicts(agent);
    walkDeletion(agent);

    Set<String> missing = new TreeSet<>(wire.api().documented());
    missing.removeAll(wire.api().covered());
    missing.removeIf(status -> status.endsWith(" 503"));
    missing.remove(
        "GET /api/v1/stream 200"); // an answer without end; ServletContainerTest reads it
    missing.removeAll(LogBlackBoxTest.COVERED);
    assertThat(missing).isEmpty();
  }

  private String command;
  private String incident;
  private String silence;
  private String channel;
  private String delivery;

  private String filled(Operation operation, Enrolled agent) {
    return operation
        .path()
        .replace("{cluster}", agent.id())
        .replace("{command}", command)
        .replace("{namespace}", "shop")
        .replace("{pod}", "web-0")
        .replace("{stream}", "no-such-stream")
        .replace("{incident}", incident)
        .replace("{silence}", silence)
        .replace("{channel}", channel)
        .replace("{delivery}", delivery)
        .replace("{name}", "web")
        .replace("{revision}", "1");
  }

  private void walkSuccesses(Enrolled agent) {
    channel = newChannel("ops").text("/id");
    newChannel("dev");
    server.advance(Duration.ofSeconds(30));
    String more = "\"acme.reboot\",\"selfUpdate\",\"apply\"";
    wire.post(
        "/agent/v1/heartbeat",
        agent.key(),
        fullBeat("boot-2", 1, OBJECTS).replace("\"acme.reboot\"", more));
    for (int i = 2; i < 20; i++) {
      server.advance(Duration.ofSeconds(15));
      String beat = "{\"form\":\"unchanged\",\"revision\":1}";
      wire.post(
          "/agent/v1/heartbeat",
          agent.key(),
          "{\"bootId\":\"boot-2\",\"sequence\":%d,\"timing\":{\"sentAt\":%d},\"content\":%s}"
              .formatted(i, 1767600030000L + 15_000 * i, beat));
    }
    put(agent.path("/agent-update"), WANTED_IMAGE);
    wire.post("/api/v1/agent-updates", OWNER, WANTED_IMAGES);
    command = wire.post(agent.path("/commands"), OWNER, "{\"kind\":\"ping\"}").text("/id");
    assertThat(poll(agent, 0).status()).isEqualTo(200);
    wire.post(
        "/agent/v1/commands/" + command + "/result",
        agent.key(),
        "{\"bootId\":\"boot-2\",\"attempt\":1,\"state\":\"running\"}");
    walkDeployments(agent);
    incident = wire.get("/api/v1/incidents?state=firing", OWNER).text("/items/0/id");
    assertThat(incident).isNotEmpty();
    wire.post("/api/v1/incidents/" + incident + "/acknowledge", OWNER, "{\"note\":\"mine\"}");
    put(agent.path("/policy"), POLICY);
    silence = wire.post("/api/v1/silences", OWNER, SILENCE).text("/id");
    wire.delete("/api/v1/silences/" + silence, OWNER);
    server.advance(Duration.ofSeconds(40));
    String dead = "/api/v1/channels/" + channel + "/deliveries?state=dead";
    delivery = wire.get(dead, OWNER).text("/items/0/id");
    assertThat(delivery).isNotEmpty();
    for (Operation operation : wire.api().operations()) {
      if (operation.method().equals("GET") && !operation.path().matches(".*/(stream|log)")) {
        Answer answer = wire.get(filled(operation, agent), OWNER);
        assertThat(answer.status()).as(operation + " " + answer.body()).isEqualTo(200);
      }
    }
    wire.get(agent.path("/pods/shop/web-0/log"), OWNER);
    wire.post("/agent/v1/streams/none", agent.key(), "{\"sequence\":1,\"dropped\":0}");
    wire.patch(agent.path(""), OWNER, "{\"labels\":{\"site\":\"b1\"}}");
    wire.post(agent.path("/enrollment"), OWNER, "{}");
    assertThat(wire.post(agent.path("/rotate-key"), OWNER, "").status()).isEqualTo(202);
    wire.post(
        "/agent/v1/keys",
        agent.key(),
        "{\"bootId\":\"boot-2\",\"requestId\":\"rotation-000000000000001\"}");
    wire.delete(agent.path("/commands/" + command), OWNER);
    wire.delete("/api/v1/incidents/" + incident, OWNER);
    wire.post(
        "/api/v1/incidents/" + incident + "/silence",
        OWNER,
        "{\"durationSeconds\":1,\"reason\":\"short\"}");
    wire.delete("/api/v1/incidents/" + incident + "/acknowledge", OWNER);
    String one = "/api/v1/channels/" + channel;
    wire.post(one + "/test", OWNER, "");
    wire.post(one + "/deliveries/" + delivery + "/retry", OWNER, "");
    wire.patch(one, OWNER, "{\"enabled\":false}");
  }

  private void put(String path, String body) {
    wire.send(
        wire.request(path, OWNER)
            .header("content-type", "application/json")
            .PUT(BodyPublishers.ofString(body)));
  }

  private void walkDeployments(Enrolled agent) {
    String all = agent.path("/deployments");
    for (String name : new String[] {"web", "old", "gone"}) {
      assertThat(wire.post(all, OWNER, deployment(name, "blue")).status()).isEqualTo(201);
    }
    String one = all + "/web";
    wire.send(
        wire.request(one, OWNER)
            .header("content-type", "application/json")
            .PUT(BodyPublishers.ofString(deployment("web", "red"))));
    wire.post(one + "/apply", OWNER, "{\"adopt\":true}");
    wire.post(one + "/rollback", OWNER, "{\"revision\":1}");
    wire.send(wire.request(one + "/diff", OWNER).POST(BodyPublishers.noBody()));
    wire.delete(all + "/old?removeData=true", OWNER);
    wire.delete(all + "/old?removeData=maybe", OWNER);
    wire.delete(all + "/gone?forget=true", OWNER);
  }

  private static String deployment(String name, String color) {
    return "{\"name\":\"%s\",\"manifests\":[{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"%s\"},\"data\":{\"color\":\"%s\"}}]}"
        .formatted(name, name, color);
  }

  private Answer newChannel(String name) {
    return wire.post(
        "/api/v1/channels",
        OWNER,
        "{\"name\":\"%s\",\"kind\":\"pager\",\"settings\":{\"number\":\"112\"}}".formatted(name));
  }

  private Answer poll(Enrolled agent, int waitSeconds) {
    return wire.post(
        "/agent/v1/poll",
        agent.key(),
        "{\"bootId\":\"boot-2\",\"waitSeconds\":%d,\"slots\":4}".formatted(waitSeconds));
  }

  /** Who may not see, who may not do, what is not there, and parameters out of range. */
  private void walkRestRefusals(Operation operation, String path) {
    JsonNode responses = wire.api().of(operation).get("responses");
    String body = plain(operation);
    assertThat(send(operation, path, "", body).status()).as(operation.toString()).isEqualTo(401);
    if (responses.has("403")) {
      boolean confirms = wire.api().query(operation).contains("confirm");
      String confirmed = path + (confirms ? "?confirm=berlin" : "");
      assertThat(send(operation, confirmed, Booted.VIEWER, body).status())
          .as(operation.toString())
          .isEqualTo(403);
    }
    if (responses.has("404")) {
      String foreign =
          body.length() == 2
              ? "{\"organization\":\"acme\"}"
              : "{\"name\":\"x\",\"organization\":\"acme\"}";
      assertThat(send(operation, path, Booted.STRANGER, foreign).status())
          .as(operation.toString())
          .isEqualTo(404);
    }
    assertThat(send(operation, path + "?surprise=1", OWNER, body).problem())
        .as(operation.toString())
        .isEqualTo("400 unknown_parameter");
    if (responses.has("422") && !operation.method().equals("DELETE")) {
      boolean reads = operation.method().equals("GET");
      boolean waits = operation.path().endsWith("{command}");
      String first = operation.path().endsWith("/log") ? "?tail=-1" : "?limit=0";
      String wrong = path + (reads ? waits ? "?waitSeconds=99" : first : "");
      assertThat(send(operation, wrong, OWNER, "{\"surprise\":1}").status())
          .as(operation.toString())
          .isEqualTo(422);
    }
  }

  /** A body that gets as far as the question who may do this. */
  private static String plain(Operation operation) {
    if (operation.path().endsWith("silences")) {
      return "{}";
    }
    if (operation.path().contains("agent-update")) {
      return operation.path().endsWith("s") ? WANTED_IMAGES : WANTED_IMAGE;
    }
    return operation.path().endsWith("commands") ? "{\"kind\":\"ping\"}" : "{\"name\":\"x\"}";
  }

  /** No JSON, another type, too long: wherever a body is taken. */
  private void walkBodies(Operation operation, String path, Enrolled agent) {
    if (!wire.api().of(operation).has("requestBody")) {
      return;
    }
    boolean ofAgent = path.startsWith("/agent");
    String bearer = !ofAgent ? OWNER : path.endsWith("enroll") ? "" : agent.key();
    assertThat(send(operation, path, bearer, "{").status()).isEqualTo(400);
    HttpRequest.Builder typeless = wire.request(path, bearer);
    String method = operation.method();
    assertThat(wire.send(typeless.method(method, BodyPublishers.ofString("{}"))).status())
        .isEqualTo(415);
    if (wire.api().of(operation).get("responses").has("413")) {
      assertThat(send(operation, path, bearer, " ".repeat(overLimit(operation))).status())
          .isEqualTo(413);
    }
  }

  private void walkSlowBodies(Enrolled agent) throws IOException {
    Map<Operation, Dripping> clients = new LinkedHashMap<>();
    for (Operation operation : wire.api().operations()) {
      if (wire.api().of(operation).get("responses").has("408")) {
        String bearer = operation.path().startsWith("/agent") ? agent.key() : OWNER;
        clients.put(
            operation,
            Dripping.send(
                server.uri().getPort(), operation.method(), filled(operation, agent), bearer));
      }
    }
    while (server.bodies() < clients.size()) {
      Thread.onSpinWait();
    }
    server.advance(Duration.ofSeconds(21));
    for (Map.Entry<Operation, Dripping> client : clients.entrySet()) {
      Operation operation = client.getKey();
      Answer answer = Wire.parse(client.getValue().answer());
      client.getValue().close();
      assertThat(answer.problem()).as(operation.toString()).isEqualTo("408 body_timeout");
      URI uri = server.uri().resolve(filled(operation, agent));
      wire.api().check(operation.method(), uri, answer);
    }
  }

  private static int overLimit(Operation operation) {
    int mebi = 1024 * 1024;
    return switch (operation.path()) {
      case "/agent/v1/heartbeat" -> 16 * mebi + 1;
      case "/agent/v1/commands/{command}/result" -> mebi + 1;
      case "/agent/v1/streams/{stream}" -> mebi / 2 + 1;
      case "/api/v1/clusters/{cluster}/commands",
          "/api/v1/clusters/{cluster}/deployments",
          "/api/v1/clusters/{cluster}/deployments/{name}" ->
          5 * mebi;
      default -> 64 * 1024 + 1;
    };
  }

  private void walkAgentRefusals(Enrolled agent) {
    for (String route :
        new String[] {"heartbeat", "poll", "keys", "goodbye", "commands/x/result", "streams/x"}) {
      wire.post("/agent/v1/" + route, "", "{}");
    }
    wire.post(
        "/agent/v1/commands/x/result",
        agent.key(),
        "{\"bootId\":\"boot-2\",\"attempt\":1,\"state\":\"failed\"}");
    beat(agent, "boot-1", 9);
    wire.post("/agent/v1/poll", agent.key(), "{\"bootId\":\"boot-1\"}");
    wire.post(
        "/agent/v1/keys",
        agent.key(),
        "{\"bootId\":\"boot-1\",\"requestId\":\"rotation-000000000000002\"}");
    for (int i = 0; i < 10; i++) {
      beat(agent, "boot-2", 100 + i);
      wire.post(
          "/agent/v1/keys",
          agent.key(),
          "{\"bootId\":\"boot-2\",\"requestId\":\"rotation-000000000000003\"}");
    }
    wire.post("/agent/v1/goodbye", agent.key(), "{\"bootId\":\"boot-2\"}");

    Cluster used = newCluster("used");
    for (int i = 0; i < 6; i++) {
      enroll(used.token(), "request-0000000000000001", "uid-used");
    }
    enroll(used.token(), "request-0000000000000002", "uid-used");
    Cluster late = newCluster("late");
    wire.post(
        "/agent/v1/enroll",
        "",
        "{\"token\":\"%s\",\"requestId\":\"request-0000000000000001\",\"protocolVersions\":[9]}"
            .formatted(late.token()));
    wire.post(late.path("/enrollment"), OWNER, "{}");
    enroll(late.token(), "request-0000000000000001", "uid-late");
    Cluster expired = newCluster("expired");
    server.advance(Duration.ofMinutes(61));
    enroll(expired.token(), "request-0000000000000001", "uid-expired");
  }

  private void walkConflicts(Enrolled agent) {
    newChannel("dev");
    wire.patch("/api/v1/channels/" + channel, OWNER, "{\"name\":\"dev\"}");
    newCluster("taken");
    wire.post("/api/v1/clusters", OWNER, "{\"name\":\"taken\"}");
    wire.patch(agent.path(""), OWNER, "{\"name\":\"taken\"}");
    wire.post(agent.path("/commands"), OWNER, "{\"kind\":\"acme.explode\"}");
    put(enrolledCluster("unable").path("/agent-update"), WANTED_IMAGE);
    walkWithoutCapability(agent.path("/deployments"));
    wire.post(
        "/agent/v1/commands/" + command + "/result",
        agent.key(),
        "{\"bootId\":\"boot-2\",\"attempt\":1,\"state\":\"cancelled\"}");
    wire.delete(agent.path("/commands/" + command), OWNER);
    walkDuplicate(enrolledCluster("cloned"));
  }

  /** Two processes with one key, for more than two minutes. */
  private void walkDuplicate(Enrolled cloned) {
    for (int i = 1; i < 15; i++) {
      server.advance(Duration.ofSeconds(15));
      beat(cloned, "boot-2", i);
      beat(cloned, "boot-1", i + 1);
    }
    assertThat(wire.post(cloned.path("/rotate-key"), OWNER, "").problem())
        .isEqualTo("409 agent_duplicate");
  }

  private void walkWithoutCapability(String all) {
    wire.post(all, OWNER, deployment("web", "blue"));
    wire.send(
        wire.request(all + "/web", OWNER)
            .header("content-type", "application/json")
            .PUT(BodyPublishers.ofString(deployment("web", "blue"))));
    wire.post(all + "/web/apply", OWNER, "{}");
    wire.post(all + "/web/rollback", OWNER, "{\"revision\":2}");
    wire.send(wire.request(all + "/web/diff", OWNER).POST(BodyPublishers.noBody()));
    wire.delete(all + "/web", OWNER);
  }

  private void walkDeletion(Enrolled agent) {
    wire.delete(agent.path("?confirm=Berlin"), OWNER);
    int sequence = 1;
    do {
      assertThat(sequence).as("beats until the incident is resolved").isLessThan(100);
      server.advance(Duration.ofSeconds(15));
      beat(agent, "boot-3", sequence++);
    } while (wire.post("/api/v1/incidents/" + incident + "/acknowledge", OWNER, "{}").status()
        == 200);
    assertThat(wire.delete("/api/v1/incidents/" + incident, OWNER).status()).isEqualTo(204);
    assertThat(wire.delete("/api/v1/channels/" + channel, OWNER).status()).isEqualTo(204);
    assertThat(wire.delete(agent.path("?confirm=berlin"), OWNER).status()).isEqualTo(204);
  }

  private Answer send(Operation operation, String path, String bearer, String body) {
    HttpRequest.Builder request = wire.request(path, bearer);
    if (!wire.api().of(operation).has("requestBody")) {
      return wire.send(request.method(operation.method(), BodyPublishers.noBody()));
    }
    return wire.send(
        request
            .header("content-type", "application/json")
            .method(operation.method(), BodyPublishers.ofString(body)));
  }
}
