package cx.niro.server.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.server.testkit.Wire.Answer;
import java.net.http.HttpRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgentUpdateBlackBoxTest extends Scene {
  private static final String DIGEST = "sha256:" + "7".repeat(64);
  private static final String BODY = "{\"digest\":\"" + DIGEST + "\"}";
  private static final String OLD = "registry.example.com/niro/agent:1";
  private static final String NEW = "registry.example.com/niro/agent@" + DIGEST;

  private Enrolled updatable(String name) {
    Enrolled agent = enrolledCluster(name);
    String beat =
        fullBeat("boot-1", 2, "{}")
            .replace("acme.reboot", "selfUpdate")
            .replaceFirst("\"sentAt\":\\d+", "\"sentAt\":" + server.now().toEpochMilli());
    assertThat(wire.post("/agent/v1/heartbeat", agent.key(), beat).status()).isEqualTo(200);
    return agent;
  }

  private Answer offer(Enrolled agent) {
    return put(agent, OWNER);
  }

  private Answer put(Enrolled agent, String bearer) {
    return wire.send(
        wire.request(agent.path("/agent-update"), bearer)
            .header("Content-Type", "application/json")
            .PUT(HttpRequest.BodyPublishers.ofString(BODY)));
  }

  private Answer poll(Enrolled agent, String holding) {
    return wire.post(
        "/agent/v1/poll",
        agent.key(),
        """
        {"bootId":"boot-1","waitSeconds":0,"slots":4,"holding":[%s]}"""
            .formatted(holding));
  }

  private void report(Enrolled agent, String command, String result) {
    String path = "/agent/v1/commands/" + command + "/result";
    Answer answer =
        wire.post(path, agent.key(), "{\"bootId\":\"boot-1\",\"attempt\":1,%s}".formatted(result));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
  }

  private String state(Enrolled agent) {
    return wire.get(agent.path("/agent-update"), OWNER).text("/state");
  }

  private static String output(String image) {
    return "\"output\":{\"image\":\"%s\",\"before\":\"%s\"}".formatted(image, OLD);
  }

  @Test
  void an_update_is_offered_rolling_and_done() {
    Enrolled agent = updatable("berlin");
    assertThat(wire.get(agent.path("/agent-update"), OWNER).problem()).isEqualTo("404 not_found");
    Answer made = offer(agent);
    assertThat(made.status()).as(made.body()).isEqualTo(202);
    String command = made.text("/command");
    assertThat(state(agent)).isEqualTo("offered");

    Answer polled = poll(agent, "");
    assertThat(polled.text("/commands/0/payload/digest")).isEqualTo(DIGEST);
    poll(agent, "{\"id\":\"%s\",\"state\":\"running\",\"attempt\":1}".formatted(command));
    assertThat(state(agent)).isEqualTo("rolling");
    report(agent, command, "\"state\":\"succeeded\"," + output(NEW));
    assertThat(state(agent)).isEqualTo("done");
    assertThat(wire.get(agent.path("/agent-update"), OWNER).text("/image")).isEqualTo(NEW);
    assertThat(wire.get(agent.path("/commands?kind=self_update"), OWNER).json().at("/items"))
        .hasSize(1);
    assertThat(wire.get(agent.path("/commands?kind=ping"), OWNER).json().at("/items")).isEmpty();
  }

  @Test
  void a_bad_image_is_rolled_back_with_the_reason() {
    Enrolled agent = updatable("berlin");
    String command = offer(agent).text("/command");
    poll(agent, "");
    report(
        agent,
        command,
        "\"state\":\"failed\",\"reason\":\"rolled back: ImagePullBackOff\"," + output(OLD));
    Answer update = wire.get(agent.path("/agent-update"), OWNER);
    assertThat(update.text("/state")).isEqualTo("rolled_back");
    assertThat(update.text("/reason")).isEqualTo("rolled back: ImagePullBackOff");
  }

  @Test
  void a_selection_gets_what_each_cluster_can() {
    Enrolled able = updatable("berlin");
    Enrolled unable = enrolledCluster("oslo");
    Answer all =
        wire.post(
            "/api/v1/agent-updates", OWNER, "{\"digest\":\"" + DIGEST + "\",\"selector\":{}}");
    assertThat(all.status()).as(all.body()).isEqualTo(202);
    assertThat(all.text("/items/0/cluster/id")).isEqualTo(able.id());
    assertThat(all.text("/items/0/update/state")).isEqualTo("offered");
    assertThat(all.text("/items/1/cluster/id")).isEqualTo(unable.id());
    assertThat(all.text("/items/1/code")).isEqualTo("capability_missing");
    assertThat(state(able)).isEqualTo("offered");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"digest\":\"latest\",\"selector\":{}}",
        "{\"selector\":{}}",
        "{\"digest\":\"sha256:77\",\"selector\":{}}",
      })
  void anything_but_a_digest_is_refused(String body) {
    Answer refused = wire.post("/api/v1/agent-updates", OWNER, body);
    assertThat(refused.problem()).isEqualTo("422 invalid_field");
    assertThat(refused.text("/field")).isEqualTo("digest");
  }

  @Test
  void nothing_is_selected_by_accident_and_viewers_only_look() {
    Enrolled agent = updatable("berlin");
    Answer none = wire.post("/api/v1/agent-updates", OWNER, BODY);
    assertThat(none.text("/field")).isEqualTo("selector");
    Answer unknown =
        wire.post(
            "/api/v1/agent-updates",
            OWNER,
            "{\"digest\":\"" + DIGEST + "\",\"selector\":{\"clusters\":[\"nowhere\"]}}");
    assertThat(unknown.text("/field")).isEqualTo("selector.clusters");
    assertThat(put(agent, Booted.VIEWER).problem()).isEqualTo("403 forbidden");
    assertThat(put(agent, Booted.STRANGER).problem()).isEqualTo("404 not_found");
  }
}
