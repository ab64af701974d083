package cx.niro.server.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.server.testkit.Wire.Answer;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LogBlackBoxTest extends Scene {
  /** Answers that need an agent with logs, or have no end. */
  static final Set<String> COVERED =
      Set.of(
          "POST /agent/v1/streams/{stream} 200",
          "GET /api/v1/clusters/{cluster}/pods/{namespace}/{pod}/log 200",
          "GET /api/v1/clusters/{cluster}/pods/{namespace}/{pod}/log 422",
          "GET /api/v1/clusters/{cluster}/pods/{namespace}/{pod}/log 429");

  private static final String LOG = "/pods/shop/web-0/log?follow=true&tail=10";

  private final HttpClient client = HttpClient.newHttpClient();

  private Enrolled agentWithLogs() {
    Enrolled agent = enrolledCluster("berlin");
    server.advance(Duration.ofSeconds(15));
    String beat = fullBeat("boot-1", 2, "{}").replace("\"pods\",", "\"pods\",\"logs\",");
    beat = beat.replace("\"revision\":1", "\"revision\":2");
    Answer taken = wire.post("/agent/v1/heartbeat", agent.key(), beat);
    assertThat(taken.status()).as(taken.body()).isEqualTo(200);
    return agent;
  }

  private CompletableFuture<HttpResponse<InputStream>> look(Enrolled agent, String path) {
    return client.sendAsync(
        HttpRequest.newBuilder(URI.create(server.uri() + agent.path(path)))
            .header("Authorization", "Bearer " + OWNER)
            .build(),
        HttpResponse.BodyHandlers.ofInputStream());
  }

  /** The id of the stream that the agent is asked for. */
  private String asked(Enrolled agent) {
    CompletableFuture<String> id = new CompletableFuture<>();
    eventually(
        () -> {
          Answer polled =
              wire.post("/agent/v1/poll", agent.key(), "{\"bootId\":\"boot-1\",\"waitSeconds\":0}");
          String found = polled.text("/commands/0/id");
          if (!found.isEmpty()) {
            assertThat(polled.text("/commands/0/kind")).isEqualTo("logs");
            assertThat(polled.text("/commands/0/payload/pod")).isEqualTo("web-0");
            id.complete(found);
          }
          return id.isDone();
        });
    return id.join();
  }

  private Answer piece(Enrolled agent, String stream, int sequence, String rest) {
    return wire.post(
        "/agent/v1/streams/" + stream,
        agent.key(),
        "{\"sequence\":%d,\"dropped\":0%s}".formatted(sequence, rest));
  }

  private static BufferedReader events(CompletableFuture<HttpResponse<InputStream>> response)
      throws Exception {
    HttpResponse<InputStream> answer = response.get(30, TimeUnit.SECONDS);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type")).contains("text/event-stream");
    return new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
  }

  private static String next(BufferedReader events) throws Exception {
    String line = events.readLine();
    while (line.isEmpty() || line.startsWith(":")) {
      line = events.readLine();
    }
    return line + " " + events.readLine();
  }

  @Test
  void lines_reach_two_viewers_through_one_stream_and_the_agent_stops_after_the_last()
      throws Exception {
    Enrolled agent = agentWithLogs();
    var first = look(agent, LOG);
    String stream = asked(agent);
    assertThat(piece(agent, stream, 1, ",\"lines\":[\"one <b>\\u001b[31m\"]").body())
        .contains("\"stop\":false");
    BufferedReader one = events(first);
    assertThat(next(one)).isEqualTo("event: lines data: {\"lines\":[\"one <b>\\u001b[31m\"]}");

    BufferedReader two = events(look(agent, LOG));
    assertThat(next(two)).contains("one <b>");
    piece(agent, stream, 2, ",\"lines\":[\"two\"]");
    piece(agent, stream, 2, ",\"lines\":[\"two\"]");
    piece(agent, stream, 3, ",\"end\":{\"code\":\"finished\",\"reason\":\"the log has ended\"}");
    for (BufferedReader reader : new BufferedReader[] {one, two}) {
      assertThat(next(reader)).isEqualTo("event: lines data: {\"lines\":[\"two\"]}");
      assertThat(next(reader))
          .isEqualTo("event: end data: {\"code\":\"finished\",\"reason\":\"the log has ended\"}");
      assertThat(reader.readLine()).isEmpty();
      assertThat(reader.readLine()).isNull();
    }
    assertThat(piece(agent, stream, 4, "").body()).contains("\"stop\":true");
  }

  @Test
  void an_agent_is_told_to_stop_when_the_last_viewer_has_gone() throws Exception {
    Enrolled agent = agentWithLogs();
    var viewer = look(agent, LOG);
    String stream = asked(agent);
    piece(agent, stream, 1, ",\"lines\":[\"one\"]");
    BufferedReader events = events(viewer);
    next(events);
    events.close();

    int[] sequence = {2};
    eventually(
        () -> piece(agent, stream, sequence[0]++, ",\"lines\":[\"x\"]").body().contains("true"));
  }

  @Test
  void what_cannot_be_shown_is_said_as_a_problem() throws Exception {
    Enrolled plain = enrolledCluster("munich");
    Answer missing = wire.get(plain.path(LOG), OWNER);
    assertThat(missing.problem()).isEqualTo("409 capability_missing");
    assertThat(missing.text("/detail"))
        .isEqualTo(
            "the cluster's agent may not read logs; run its installer again with NIRO_ENABLE_LOGS=1");

    Enrolled agent = agentWithLogs();
    assertThat(wire.get(agent.path(LOG), Booted.VIEWER).problem()).isEqualTo("403 forbidden");
    assertThat(wire.get(agent.path(LOG), Booted.STRANGER).problem()).isEqualTo("404 not_found");
    assertThat(wire.get(agent.path(LOG + "&since=0"), OWNER).problem())
        .isEqualTo("422 invalid_field");
    assertThat(wire.get(agent.path("/pods/shop/..%2f/log"), OWNER).status()).isGreaterThan(399);

    var unknown = look(agent, LOG);
    piece(
        agent,
        asked(agent),
        1,
        ",\"end\":{\"code\":\"not_found\",\"reason\":\"pods \\\"web-0\\\" not found\"}");
    HttpResponse<InputStream> answer = unknown.get(30, TimeUnit.SECONDS);
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(new String(answer.body().readAllBytes(), StandardCharsets.UTF_8))
        .contains("pods \\\"web-0\\\" not found");
  }

  @Test
  void an_agent_that_is_offline_or_does_not_begin_is_unreachable() throws Exception {
    Enrolled agent = agentWithLogs();
    var nobody = look(agent, LOG);
    eventually(
        () -> {
          server.advance(Duration.ofMillis(100));
          return nobody.isDone();
        });
    assertThat(nobody.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(503);

    server.advance(Duration.ofMinutes(10));
    Answer offline = wire.get(agent.path(LOG), OWNER);
    assertThat(offline.problem()).isEqualTo("503 stream_unreachable");
    assertThat(offline.text("/detail")).startsWith("the cluster is offline: no heartbeat for ");
  }
}
