package cx.niro.server.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import cx.niro.server.testkit.Wire.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeploymentBlackBoxTest extends Scene {
  private static final String YAML =
      "apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: web}\\n---\\n"
          + "apiVersion: v1\\nkind: Secret\\nmetadata: {name: web}\\nstringData: {password: hunter2}\\n";
  private static final String NEW =
      "{\"name\":\"web\",\"namespace\":\"shop\",\"manifests\":\"" + YAML + "\"}";

  private Enrolled agent;
  private String all;

  @BeforeEach
  void aCluster() {
    agent = enrolledCluster("berlin");
    all = agent.path("/deployments");
    String beat = fullBeat("boot-1", 2, "{}").replace("\"acme.reboot\"", "\"apply\"");
    assertThat(wire.post("/agent/v1/heartbeat", agent.key(), beat).status()).isEqualTo(200);
  }

  private Answer put(String body) {
    return wire.send(
        wire.request(all + "/web", OWNER)
            .header("content-type", "application/json")
            .PUT(BodyPublishers.ofString(body)));
  }

  private void agentReports(String status, String state) {
    Answer poll =
        wire.post(
            "/agent/v1/poll", agent.key(), "{\"bootId\":\"boot-1\",\"waitSeconds\":0,\"slots\":4}");
    JsonNode command = poll.json().at("/commands/0");
    assertThat(command.at("/kind").asText()).isEqualTo("apply");
    assertThat(command.at("/payload/objects/1/object/stringData/password").asText())
        .isEqualTo("hunter2");
    String output =
        """
        {"revision":1,"status":"%s","objects":[
          {"object":{"apiVersion":"v1","kind":"ConfigMap","namespace":"shop","name":"web"},"action":"created",
           "source":{"document":1,"line":1}},
          {"object":{"apiVersion":"v1","kind":"Secret","namespace":"shop","name":"web"},"action":"failed",
           "message":"exceeded quota"}],"ceded":[],"conflicts":[]}
        """
            .formatted(status);
    Answer result =
        wire.post(
            "/agent/v1/commands/" + command.at("/id").asText() + "/result",
            agent.key(),
            "{\"bootId\":\"boot-1\",\"attempt\":1,\"state\":\"%s\",\"output\":%s}"
                .formatted(state, output));
    assertThat(result.status()).as(result.body()).isEqualTo(200);
  }

  @Test
  void a_deployment_is_made_applied_and_shown_with_what_became_of_each_object() {
    Answer made = wire.post(all, OWNER, NEW);
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    assertThat(made.header("location")).isEqualTo(all + "/web");
    assertThat(made.text("/applyStatus")).isEqualTo("pending");
    assertThat(made.body()).doesNotContain("hunter2");

    agentReports("partial", "failed");

    Answer shown = wire.get(all + "/web", OWNER);
    assertThat(shown.text("/applyStatus")).isEqualTo("partial");
    assertThat(shown.text("/reason"))
        .isEqualTo("1 of 2 objects failed: Secret shop/web: exceeded quota");
    assertThat(shown.text("/objects/0/action")).isEqualTo("created");
    assertThat(shown.text("/objects/0/source/line")).isEqualTo("1");
    assertThat(shown.text("/objects/1/message")).isEqualTo("exceeded quota");
    assertThat(shown.text("/manifests/1/object/stringData/password")).startsWith("niro-hash:");
    assertThat(wire.get(all, OWNER).text("/items/0/name")).isEqualTo("web");
    assertThat(wire.get(all, OWNER).json().at("/items/0/manifests").isNull()).isTrue();
    Answer history = wire.get(all + "/web/history", OWNER);
    assertThat(history.text("/items/0/status")).isEqualTo("partial");
    assertThat(history.text("/items/0/requestedBy")).isEqualTo("olga");
    Answer incidents = wire.get("/api/v1/incidents?type=deployment_failed", OWNER);
    assertThat(incidents.text("/items/0/scope")).isEqualTo("managed/web");
    assertThat(wire.get(agent.path("/timeline"), OWNER).text("/items/0/kind"))
        .isIn("apply_finished", "incident_opened");
  }

  @Test
  void what_a_read_answers_can_be_put_back_and_changes_nothing() {
    wire.post(all, OWNER, NEW);
    Answer read = wire.get(all + "/web", OWNER);
    Answer put = put("{\"manifests\":" + read.json().at("/manifests") + "}");
    assertThat(put.status()).as(put.body()).isEqualTo(200);
    assertThat(put.text("/revision")).isEqualTo("1");
    assertThat(put.json().at("/manifests")).isEqualTo(read.json().at("/manifests"));
    agentReports("succeeded", "succeeded");
    Answer revision = wire.get(all + "/web/history/1", OWNER);
    assertThat(revision.json().at("/manifests")).isEqualTo(read.json().at("/manifests"));
  }

  @Test
  void who_may_only_read_sees_hashes_and_changes_nothing_and_strangers_see_nothing() {
    wire.post(all, OWNER, NEW);
    Answer seen = wire.get(all + "/web", Booted.VIEWER);
    assertThat(seen.body()).contains("niro-hash:").doesNotContain("hunter2");
    assertThat(wire.post(all + "/web/apply", Booted.VIEWER, "{}").problem())
        .isEqualTo("403 forbidden");
    assertThat(wire.get(all + "/web", Booted.STRANGER).problem()).isEqualTo("404 not_found");
    assertThat(wire.get(all + "/other", OWNER).problem()).isEqualTo("404 not_found");
    assertThat(wire.get(all + "/web/history/7", OWNER).problem()).isEqualTo("404 not_found");
    assertThat(wire.get(all + "/web/history/x", OWNER).problem()).isEqualTo("404 not_found");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'name':'web'} | manifests: is required",
        "{'manifests':'a: b'} | name: is required",
        "{'name':'web','manifests':7} | manifests: must be a text or a list",
        "{'name':'web','manifests':[7]} | manifests: must be texts, files or objects",
        "{'name':'web','manifests':''} | there is no object",
        "{'name':'Web','manifests':[{'apiVersion':'v1','kind':'Pod','metadata':{'name':'x'}}]} | name must have",
        "{'name':'web','manifests':[{'file':'a.yaml','text':'kind: Pod'}]} | a.yaml, document 1, line 1: apiVersion",
        "{'name':'web','manifests':[{'apiVersion':'v1','kind':'List','metadata':{'name':'l'},'items':[{}]}]} | a list is no",
        "{'name':'web','manifests':[{'kind':'Pod'}]} | manifests: apiVersion must be a text",
        "{'name':'web','cedeTo':[''],'manifests':[{'apiVersion':'v1','kind':'Pod','metadata':{'name':'x'}}]} | cedeTo",
      })
  void what_cannot_be_a_deployment_is_refused(String body, String message) {
    Answer answer = wire.post(all, OWNER, body.replace('\'', '"'));
    assertThat(answer.problem()).isEqualTo("422 invalid_field");
    assertThat(answer.text("/detail")).contains(message);
  }

  @Test
  void texts_of_one_body_share_one_limit_on_what_their_aliases_become() {
    StringBuilder text = new StringBuilder("kind: Pod\\na0: &a0 {}\\n");
    for (int i = 1; i <= 14; i++) {
      text.append("a%d: &a%d [*a%d, *a%d]\\n".formatted(i, i, i - 1, i - 1));
    }
    String texts = "\"" + text + "\",{\"text\":\"" + text + "\"}";
    Answer answer = wire.post(all, OWNER, "{\"name\":\"web\",\"manifests\":[" + texts + "]}");
    assertThat(answer.problem()).isEqualTo("422 invalid_field");
    assertThat(answer.text("/detail")).contains("all texts together must take at most 6291456");
  }

  @Test
  void a_capability_that_is_missing_is_told_with_the_switch_to_set() {
    Enrolled other = enrolledCluster("oslo");
    Answer answer = wire.post(other.path("/deployments"), OWNER, NEW);
    assertThat(answer.problem()).isEqualTo("409 capability_missing");
    assertThat(answer.text("/detail")).contains("NIRO_ENABLE_APPLY=1");
  }
}
