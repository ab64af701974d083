package cx.niro.server.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.server.blackbox.Booted;
import cx.niro.server.testkit.Wire;
import cx.niro.server.testkit.Wire.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that send a byte now and then, many more than the server has threads. */
class SlowBodiesTest {
  private static final int CLIENTS = 250;

  @ParameterizedTest
  @EnumSource
  void dripping_bodies_harm_nobody_and_end_with_a_timeout(ServletContainer container)
      throws Exception {
    List<Dripping> clients = new ArrayList<>();
    try (Booted server = Booted.in(container)) {
      Wire wire = new Wire(server.uri());
      String key = enroll(wire);
      for (int i = 0; i < CLIENTS; i++) {
        boolean agent = i % 5 == 0;
        String path = agent ? "/agent/v1/heartbeat" : "/agent/v1/enroll";
        clients.add(Dripping.post(server.uri().getPort(), path, agent ? key : ""));
      }
      eventually(() -> server.bodies() == CLIENTS);

      assertThat(wire.get("/healthz", "").status()).isEqualTo(200);
      assertThat(beat(wire, key).status()).isEqualTo(200);

      server.advance(Duration.ofSeconds(15));
      for (Dripping client : clients) {
        client.send(" ");
      }
      assertThat(server.bodies()).isEqualTo(CLIENTS);
      server.advance(Duration.ofSeconds(6));
      for (Dripping client : clients) {
        assertTimedOut(client.answer());
      }
      assertThat(server.bodies()).isZero();
      assertThat(wire.get("/healthz", "").status()).isEqualTo(200);
    } finally {
      for (Dripping client : clients) {
        client.close();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_body_that_nobody_wants_is_not_waited_for_longer(ServletContainer container)
      throws Exception {
    try (Booted server = Booted.in(container);
        Dripping unknown = drip(server, "/nothing", "");
        Dripping stranger = drip(server, "/agent/v1/heartbeat", "niro_ak_wrong");
        Dripping reader = drip(server, "/api/v1/clusters", "")) {
      eventually(() -> server.bodies() == 3);

      server.advance(Duration.ofSeconds(21));

      assertThat(unknown.answer()).startsWith("HTTP/1.1 404");
      assertThat(stranger.answer()).startsWith("HTTP/1.1 401").contains("key_malformed");
      assertThat(reader.answer()).startsWith("HTTP/1.1 401").contains("not_authenticated");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_client_that_asks_before_it_sends_is_refused_at_once(ServletContainer container)
      throws Exception {
    try (Booted server = Booted.in(container);
        Dripping client =
            Dripping.raw(
                server.uri().getPort(),
                "POST /agent/v1/heartbeat HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
                    + "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n")) {
      // Tomcat says 100 by itself, before anybody is asked.
      assertThat(client.answer()).contains("HTTP/1.1 401").contains("key_missing");
      assertThat(server.bodies()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_body_in_chunks_may_be_empty(ServletContainer container) throws Exception {
    try (Booted server = Booted.in(container);
        Dripping client =
            Dripping.raw(
                server.uri().getPort(),
                "POST /agent/v1/enroll HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")) {
      eventually(() -> server.bodies() == 1);

      client.send("0\r\n\r\n");

      assertThat(client.answer()).startsWith("HTTP/1.1 400").contains("malformed_body");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_client_that_goes_away_leaves_nothing_behind(ServletContainer container) throws Exception {
    try (Booted server = Booted.in(container)) {
      try (Dripping client = drip(server, "/agent/v1/enroll", "")) {
        eventually(() -> server.bodies() == 1);
      }

      eventually(() -> server.bodies() == 0);
    }
  }

  private static Dripping drip(Booted server, String path, String bearer) throws IOException {
    return Dripping.post(server.uri().getPort(), path, bearer);
  }

  private static void assertTimedOut(String answer) {
    assertThat(answer)
        .startsWith("HTTP/1.1 408")
        .containsIgnoringCase("connection: close")
        .contains("\"code\":\"body_timeout\"")
        .contains("the body was not there within 20 s");
  }

  private static String enroll(Wire wire) {
    Answer made = wire.post("/api/v1/clusters", Booted.OWNER, "{\"name\":\"berlin\"}");
    return wire.post(
            "/agent/v1/enroll",
            "",
            "{\"token\":\"%s\",\"requestId\":\"request-0000000000000001\",\"protocolVersions\":[1]}"
                .formatted(made.text("/enrollment/token")))
        .text("/agentKey");
  }

  private static Answer beat(Wire wire, String key) {
    return wire.post(
        "/agent/v1/heartbeat",
        key,
        """
        {"bootId":"b1","sequence":1,"timing":{"sentAt":1767600000000},
         "content":{"form":"full","revision":1,"snapshot":{"info":{},
           "sections":{"pods":{"state":"complete"}},"objects":{}}}}""");
  }

  private static void eventually(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("it did not happen within 10 s").isLessThan(deadline);
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
  }
}
