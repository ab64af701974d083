package cx.niro.server.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.server.testkit.Wire.Answer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AgentLifeBlackBoxTest extends Scene {
  private static final String HEARTBEAT = "/agent/v1/heartbeat";

  private CompletableFuture<Answer> park(Enrolled agent, String bootId) {
    CompletableFuture<Answer> parked =
        wire.postLater(
            "/agent/v1/poll",
            agent.key(),
            "{\"bootId\":\"%s\",\"waitSeconds\":30,\"slots\":4,\"holding\":[]}".formatted(bootId));
    return parked;
  }

  private Answer result(Enrolled agent, String command, String state) {
    return wire.post(
        "/agent/v1/commands/" + command + "/result",
        agent.key(),
        """
        {"bootId":"boot-1","attempt":1,"state":"%s","output":{"pong":true}}"""
            .formatted(state));
  }

  private Answer ping(Enrolled agent) {
    return wire.post(agent.path("/commands"), OWNER, "{\"kind\":\"ping\"}");
  }

  private List<String> openIncidents(Enrolled agent) {
    return wire.get(agent.path("/incidents?state=firing"), OWNER)
        .json()
        .at("/items")
        .findValuesAsText("type");
  }

  @Test
  void a_sequence_that_goes_back_is_stale_and_the_cluster_shows_that_it_runs_twice() {
    Enrolled agent = enrolledCluster("berlin");
    server.advance(Duration.ofSeconds(15));
    assertThat(beat(agent, "boot-1", 5).status()).isEqualTo(200);
    server.advance(Duration.ofSeconds(15));

    for (int i = 0; i < 3; i++) {
      assertThat(beat(agent, "boot-1", 2 + i).problem()).isEqualTo("409 sequence_stale");
      server.advance(Duration.ofSeconds(15));
      assertThat(beat(agent, "boot-1", 6 + i).status()).isEqualTo(200);
      server.advance(Duration.ofSeconds(15));
    }

    eventually(() -> openIncidents(agent).contains("agent_duplicate"));
  }

  @Test
  void the_same_beat_again_is_answered_again() {
    Enrolled agent = enrolledCluster("berlin");
    Answer first = beat(agent, "boot-1", 2);

    assertThat(beat(agent, "boot-1", 2).text("/confirmedRevision"))
        .isEqualTo(first.text("/confirmedRevision"));
  }

  @Test
  void an_agent_that_was_superseded_is_told_so_and_an_incident_shows_when_it_goes_on() {
    Enrolled agent = enrolledCluster("berlin");
    server.advance(Duration.ofSeconds(15));
    assertThat(beat(agent, "boot-2", 1).status()).isEqualTo(200);

    Answer old = beat(agent, "boot-1", 2);

    assertThat(old.problem()).isEqualTo("409 boot_superseded");
    assertThat(Integer.parseInt(old.header("retry-after"))).isPositive();
    assertThat(openIncidents(agent)).isEmpty();

    for (int i = 0; i < 9; i++) {
      server.advance(Duration.ofSeconds(15));
      assertThat(beat(agent, "boot-2", i + 2).status()).isEqualTo(200);
    }
    assertThat(beat(agent, "boot-1", 3).problem()).isEqualTo("409 boot_superseded");
    assertThat(beat(agent, "boot-2", 11).status()).isEqualTo(200);
    eventually(() -> openIncidents(agent).contains("agent_duplicate"));
    assertThat(status(agent.id())).isEqualTo("critical");
  }

  @Test
  void a_silent_cluster_is_unknown_then_offline_and_healthy_again_with_its_next_beat() {
    Enrolled agent = enrolledCluster("berlin");
    server.advance(Duration.ofSeconds(90));
    assertThat(beat(agent, "boot-1", 2).status()).isEqualTo(200);

    server.advance(Duration.ofSeconds(70));
    eventually(() -> status(agent.id()).equals("unknown"));
    server.advance(Duration.ofSeconds(90));
    eventually(() -> status(agent.id()).equals("offline"));
    assertThat(openIncidents(agent)).containsExactly("cluster_offline");

    assertThat(beat(agent, "boot-1", 3).status()).isEqualTo(200);
    eventually(() -> openIncidents(agent).isEmpty());
    eventually(() -> status(agent.id()).equals("healthy"));
  }

  @Test
  void a_goodbye_makes_the_cluster_unknown_and_gives_its_reason() {
    Enrolled agent = enrolledCluster("berlin");

    Answer answer =
        wire.post(
            "/agent/v1/goodbye",
            agent.key(),
            "{\"bootId\":\"boot-1\",\"reason\":\"node is drained\"}");

    assertThat(answer.status()).isEqualTo(204);
    eventually(() -> status(agent.id()).equals("unknown"));
    assertThat(wire.get(agent.path(""), OWNER).text("/statusReason")).contains("node is drained");
  }

  @Test
  void a_ping_wakes_the_parked_poll_and_its_result_is_seen() throws Exception {
    Enrolled agent = enrolledCluster("berlin");
    CompletableFuture<Answer> parked = park(agent, "boot-1");

    Answer sent = ping(agent);

    assertThat(sent.status()).as(sent.body()).isEqualTo(202);
    assertThat(sent.header("location")).isEqualTo(agent.path("/commands/" + sent.text("/id")));
    Answer woken = parked.get(30, TimeUnit.SECONDS);
    assertThat(woken.text("/commands/0/id")).isEqualTo(sent.text("/id"));
    assertThat(woken.text("/commands/0/kind")).isEqualTo("ping");

    assertThat(result(agent, sent.text("/id"), "succeeded").text("/state")).isEqualTo("succeeded");
    Answer seen = wire.get(agent.path("/commands/" + sent.text("/id") + "?waitSeconds=5"), OWNER);
    assertThat(seen.text("/state")).isEqualTo("succeeded");
    assertThat(seen.json().at("/result/pong").asBoolean()).isTrue();
  }

  @Test
  void a_caller_who_waits_for_a_command_is_answered_when_it_is_finished() throws Exception {
    Enrolled agent = enrolledCluster("berlin");
    Answer sent = ping(agent);
    assertThat(park(agent, "boot-1").get(30, TimeUnit.SECONDS).status()).isEqualTo(200);
    CompletableFuture<Answer> waiting =
        CompletableFuture.supplyAsync(
            () -> wire.get(agent.path("/commands/" + sent.text("/id") + "?waitSeconds=50"), OWNER));

    result(agent, sent.text("/id"), "succeeded");

    assertThat(waiting.get(30, TimeUnit.SECONDS).text("/state")).isEqualTo("succeeded");
  }

  @Test
  void a_repeated_result_is_taken_and_a_late_one_changes_nothing() {
    Enrolled agent = enrolledCluster("berlin");
    String command = ping(agent).text("/id");
    park(agent, "boot-1").join();

    assertThat(result(agent, command, "succeeded").status()).isEqualTo(200);
    assertThat(result(agent, command, "succeeded").text("/state")).isEqualTo("succeeded");
    assertThat(result(agent, command, "failed").text("/state")).isEqualTo("succeeded");
    assertThat(wire.get(agent.path("/commands/" + command), OWNER).text("/state"))
        .isEqualTo("succeeded");
  }

  @Test
  void an_empty_poll_is_answered_when_its_wait_is_over() throws Exception {
    Enrolled agent = enrolledCluster("berlin");
    CompletableFuture<Answer> parked = park(agent, "boot-1");

    eventually(
        () -> {
          server.advance(Duration.ofSeconds(31));
          return parked.isDone();
        });

    Answer empty = parked.get();
    assertThat(empty.status()).isEqualTo(200);
    assertThat(empty.json().at("/commands")).isEmpty();
  }

  @Test
  void a_rotated_key_replaces_the_old_one_with_its_first_use() {
    Enrolled agent = enrolledCluster("berlin");

    Answer rotated =
        wire.post(
            "/agent/v1/keys",
            agent.key(),
            "{\"bootId\":\"boot-1\",\"requestId\":\"rotation-000000000000001\"}");

    assertThat(rotated.status()).as(rotated.body()).isEqualTo(200);
    assertThat(beat(agent, "boot-1", 2).status()).isEqualTo(200);
    Enrolled renewed = new Enrolled(agent.id(), rotated.text("/agentKey"));
    assertThat(beat(renewed, "boot-1", 3).status()).isEqualTo(200);
    assertThat(beat(agent, "boot-1", 4).problem()).isEqualTo("401 key_revoked");
  }

  @Test
  void a_key_reaches_nothing_of_another_cluster_on_any_agent_route() {
    Enrolled mine = enrolledCluster("mine");
    Enrolled foreign = enrolledCluster("foreign");
    String command = ping(mine).text("/id");
    park(mine, "boot-1").join();
    String before = wire.get(mine.path(""), OWNER).body();
    String timeline = wire.get(mine.path("/timeline"), OWNER).body();

    assertThat(result(foreign, command, "failed").problem()).isEqualTo("404 not_found");
    assertThat(result(foreign, "..%2F..", "failed").status()).isIn(400, 404);
    assertThat(result(foreign, "no-such-command", "failed").problem()).isEqualTo("404 not_found");
    assertThat(beat(foreign, "boot-1", 2).status()).isEqualTo(200);
    Answer polled =
        wire.post(
            "/agent/v1/poll",
            foreign.key(),
            """
            {"bootId":"boot-1","waitSeconds":0,"slots":4,
             "holding":[{"id":"%s","state":"running","attempt":1}]}"""
                .formatted(command));
    assertThat(polled.json().at("/commands")).isEmpty();
    assertThat(
            wire.post(
                    "/agent/v1/keys",
                    foreign.key(),
                    "{\"bootId\":\"boot-1\",\"requestId\":\"rotation-000000000000001\"}")
                .status())
        .isEqualTo(200);
    assertThat(wire.post("/agent/v1/goodbye", foreign.key(), "{\"bootId\":\"boot-1\"}").status())
        .isEqualTo(204);

    assertThat(wire.get(mine.path(""), OWNER).body()).isEqualTo(before);
    assertThat(wire.get(mine.path("/timeline"), OWNER).body()).isEqualTo(timeline);
    assertThat(wire.get(mine.path("/commands/" + command), OWNER).text("/state"))
        .isEqualTo("offered");
  }

  @Test
  void a_deleted_cluster_ends_its_poll_refuses_its_agent_and_can_be_added_again_at_once()
      throws Exception {
    Enrolled agent = enrolledCluster("berlin");
    String held = ping(agent).text("/id");
    park(agent, "boot-1").join();
    CompletableFuture<Answer> parked =
        wire.postLater(
            "/agent/v1/poll",
            agent.key(),
            """
            {"bootId":"boot-1","waitSeconds":30,"slots":4,
             "holding":[{"id":"%s","state":"running","attempt":1}]}"""
                .formatted(held));

    assertThat(wire.delete(agent.path("?confirm=berlin"), OWNER).status()).isEqualTo(204);

    assertThat(parked.get(20, TimeUnit.SECONDS).problem()).isEqualTo("401 key_revoked");
    server.advance(Duration.ofSeconds(1));
    assertThat(wire.post(HEARTBEAT, agent.key(), fullBeat("boot-1", 2, "{}")).problem())
        .isEqualTo("401 key_revoked");
    assertThat(result(agent, held, "succeeded").problem()).isEqualTo("401 key_revoked");
    assertThat(wire.get(agent.path(""), OWNER).problem()).isEqualTo("404 not_found");
    assertThat(wire.get(agent.path("/commands/" + held), OWNER).problem())
        .isEqualTo("404 not_found");

    Enrolled again = enrolledCluster("berlin");
    assertThat(again.id()).isNotEqualTo(agent.id());
    assertThat(status(again.id())).isEqualTo("healthy");
  }
}
