package cx.niro.server.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.server.blackbox.Booted;
import cx.niro.server.testkit.Wire;
import cx.niro.server.testkit.Wire.Answer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The whole server in each container that the adapter is promised for. */
class NiroServletTest {
  private static final String OWNER = Booted.OWNER;

  @ParameterizedTest
  @EnumSource
  void an_agent_enrolls_beats_and_its_parked_poll_is_woken(ServletContainer container)
      throws Exception {
    try (Booted server = Booted.in(container)) {
      Wire wire = new Wire(server.uri());
      Answer made = wire.post("/api/v1/clusters", OWNER, "{\"name\":\"berlin\"}");
      String id = made.text("/cluster/id");
      String key = enroll(wire, made.text("/enrollment/token"));
      assertThat(beat(wire, key, 1).text("/confirmedRevision")).isEqualTo("1");
      int before = server.timers();
      CompletableFuture<Answer> parked =
          wire.postLater("/agent/v1/poll", key, "{\"bootId\":\"b1\",\"waitSeconds\":30}");
      eventually(() -> server.timers() > before);

      Answer sent = wire.post("/api/v1/clusters/" + id + "/commands", OWNER, "{\"kind\":\"ping\"}");

      assertThat(parked.get(30, TimeUnit.SECONDS).text("/commands/0/id"))
          .isEqualTo(sent.text("/id"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_stream_tells_changes_and_ends_when_its_reader_has_gone(ServletContainer container)
      throws Exception {
    try (Booted server = Booted.in(container)) {
      Wire wire = new Wire(server.uri());
      try (EventReader stream = new EventReader(server)) {
        assertThat(stream.status()).isEqualTo("HTTP/1.1 200");
        eventually(() -> server.streams() == 1);

        String first = create(wire, "berlin");
        assertThat(stream.next("cluster")).contains("\"cluster\":\"" + first + "\"");
        String second = create(wire, "paris");
        assertThat(stream.next("cluster")).contains("\"cluster\":\"" + second + "\"");
      }

      eventually(
          () -> {
            server.advance(Duration.ofSeconds(15));
            return server.streams() == 0;
          });
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_stream_shows_only_what_its_reader_may_see(ServletContainer container) throws Exception {
    try (Booted server = Booted.in(container);
        EventReader stream = new EventReader(server)) {
      Wire wire = new Wire(server.uri());
      eventually(() -> server.streams() == 1);

      wire.post("/api/v1/clusters", Booted.STRANGER, "{\"name\":\"hidden\"}");
      String mine = create(wire, "mine");

      assertThat(stream.next("cluster")).contains(mine);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_long_answer_arrives_whole(ServletContainer container) throws Exception {
    try (Booted server = Booted.in(container)) {
      Wire wire = new Wire(server.uri());
      Answer made = wire.post("/api/v1/clusters", OWNER, "{\"name\":\"berlin\"}");
      String key = enroll(wire, made.text("/enrollment/token"));
      StringBuilder pods = new StringBuilder();
      for (int i = 0; i < 3000; i++) {
        pods.append(i == 0 ? "" : ",")
            .append(
                "{\"meta\":{\"uid\":\"u%1$d\",\"namespace\":\"shop\",\"name\":\"cart-%1$05d\"},\"status\":{\"phase\":\"Running\"}}"
                    .formatted(i));
      }
      assertThat(beat(wire, key, 1, "{\"pods\":[" + pods + "]}").status()).isEqualTo(200);

      Answer page = wire.get("/api/v1/pods?limit=1000", OWNER);
      Answer rest = wire.get("/api/v1/pods?limit=1000&cursor=" + page.text("/nextCursor"), OWNER);

      assertThat(page.body().length()).isGreaterThan(200_000);
      assertThat(page.json().at("/items")).hasSize(1000);
      assertThat(rest.text("/items/0/name")).isEqualTo("cart-01000");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_cluster_that_is_deleted_ends_its_parked_poll(ServletContainer container) throws Exception {
    try (Booted server = Booted.in(container)) {
      Wire wire = new Wire(server.uri());
      Answer made = wire.post("/api/v1/clusters", OWNER, "{\"name\":\"berlin\"}");
      String key = enroll(wire, made.text("/enrollment/token"));
      beat(wire, key, 1);
      int before = server.timers();
      CompletableFuture<Answer> parked =
          wire.postLater("/agent/v1/poll", key, "{\"bootId\":\"b1\",\"waitSeconds\":30}");
      eventually(() -> server.timers() > before);

      wire.delete("/api/v1/clusters/" + made.text("/cluster/id") + "?confirm=berlin", OWNER);

      assertThat(parked.get(30, TimeUnit.SECONDS).problem()).isEqualTo("401 key_revoked");
    }
  }

  private static String create(Wire wire, String name) {
    return wire.post("/api/v1/clusters", OWNER, "{\"name\":\"" + name + "\"}").text("/cluster/id");
  }

  private static String enroll(Wire wire, String token) {
    return wire.post(
            "/agent/v1/enroll",
            "",
            "{\"token\":\"%s\",\"requestId\":\"request-0000000000000001\",\"protocolVersions\":[1]}"
                .formatted(token))
        .text("/agentKey");
  }

  private static Answer beat(Wire wire, String key, int sequence) {
    return beat(wire, key, sequence, "{}");
  }

  private static Answer beat(Wire wire, String key, int sequence, String objects) {
    return wire.post(
        "/agent/v1/heartbeat",
        key,
        """
        {"bootId":"b1","sequence":%d,"timing":{"sentAt":1767600000000},
         "content":{"form":"full","revision":1,"snapshot":{"info":{},
           "sections":{"pods":{"state":"complete"}},"objects":%s}}}"""
            .formatted(sequence, objects));
  }

  private static void eventually(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("it did not happen within 10 s").isLessThan(deadline);
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
  }

  /** Reads Server-Sent Events from a plain socket, so that closing it is all a client does. */
  private static final class EventReader implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader lines;

    EventReader(Booted server) throws IOException {
      socket = new Socket("127.0.0.1", server.uri().getPort());
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write(
              ("GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                      + OWNER
                      + "\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }

    String status() throws IOException {
      return lines.readLine().substring(0, "HTTP/1.1 200".length());
    }

    /** The data of the next event of this name. */
    String next(String event) throws IOException {
      String line = lines.readLine();
      while (line != null && !line.equals("event: " + event)) {
        line = lines.readLine();
      }
      return lines.readLine();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
