package cx.niro.server.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cx.niro.core.CommandId;
import cx.niro.core.Environment;
import cx.niro.core.ErrorCode;
import cx.niro.core.NiroException;
import cx.niro.core.protocol.CommandOffer;
import cx.niro.core.protocol.CommandState;
import cx.niro.core.protocol.LogEnd;
import cx.niro.core.protocol.LogPiece;
import cx.niro.core.protocol.LogRequest;
import cx.niro.core.protocol.NiroCodec;
import cx.niro.core.protocol.StreamReply;
import cx.niro.core.testkit.ManualTime;
import cx.niro.server.Clusters.ClusterSpec;
import cx.niro.server.Clusters.NewCluster;
import cx.niro.server.LogViewer;
import cx.niro.server.Logs;
import cx.niro.server.NiroServer;
import cx.niro.server.ReplicaGateway.Head;
import cx.niro.server.internal.relay.Signature;
import cx.niro.server.memory.MemoryStores;
import cx.niro.server.spi.RelayRow;
import cx.niro.server.spi.Stores;
import cx.niro.server.testkit.CrashingStores;
import cx.niro.server.testkit.FakeAgent;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Agents are connected to the first server, viewers to the second, over HTTP between them. */
class LogsAcrossServersTest {
  private static final LogRequest FOLLOW =
      new LogRequest("shop", "web-0", null, true, 100, false, null);

  private final ManualTime time = ManualTime.create();
  private final Stores stores = new CrashingStores(MemoryStores.create()).shared();
  private Replica first;
  private Replica second;
  private NewCluster berlin;
  private FakeAgent agent;

  @BeforeEach
  void start() {
    first = new Replica(stores, time, true);
    berlin = cluster("berlin");
    agent = agent(berlin);
    first.pass(Duration.ofSeconds(2));
    second = new Replica(stores, time, true);
    first.pass(Duration.ofSeconds(5));
  }

  @AfterEach
  void end() {
    second.close();
    first.close();
  }

  private NewCluster cluster(String name) {
    ClusterSpec spec = new ClusterSpec(name, Environment.UNSPECIFIED, Map.of());
    return first.niro.clusters().create(FleetFixture.ACME, spec, "ada");
  }

  private FakeAgent agent(NewCluster of) {
    FakeAgent made = new FakeAgent(first.niro.gateway(), time).enroll(of.enrollment().token());
    made.granted("logs").beat();
    return made;
  }

  /** Takes down what it is shown, from whatever thread. */
  private static final class Seen implements LogViewer {
    final List<String> all = new CopyOnWriteArrayList<>();

    @Override
    public void lines(List<String> lines) {
      all.addAll(lines);
    }

    @Override
    public void dropped(long count) {
      all.add("dropped " + count);
    }

    @Override
    public void gap(Duration silence) {
      all.add("gap " + silence.toSeconds());
    }

    @Override
    public void ended(LogEnd end) {
      all.add("end " + end.code());
    }
  }

  private static void eventually(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("it did not happen within 60 s").isLessThan(deadline);
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
  }

  /** Of two servers, neither of which may fall behind. */
  private void pass(Replica other, Duration span) {
    for (long i = 0; i < span.toSeconds(); i++) {
      other.pass(Duration.ofSeconds(1));
      first.settle();
    }
  }

  private CompletableFuture<Logs.View> open() {
    return second.niro.logs().open(berlin.id(), FOLLOW).toCompletableFuture();
  }

  private CommandId asked() {
    CompletableFuture<CommandId> id = new CompletableFuture<>();
    eventually(
        () -> {
          agent.poll(0, 0).join().commands().stream()
              .map(CommandOffer::id)
              .findFirst()
              .ifPresent(id::complete);
          return id.isDone();
        });
    return id.join();
  }

  private static StreamReply send(Replica to, FakeAgent from, CommandId id, LogPiece piece) {
    var gateway = to.niro.gateway();
    try {
      return gateway.stream(gateway.authenticate(from.key()), id, piece)
          .toCompletableFuture()
          .get(60, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new CompletionException(e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  private StreamReply send(Replica to, CommandId id, long sequence, String... lines) {
    return send(to, agent, id, new LogPiece(sequence, List.of(lines), 0, null));
  }

  private static ErrorCode refusal(Runnable call) {
    try {
      call.run();
      throw new AssertionError("it was not refused");
    } catch (CompletionException e) {
      return ((NiroException) e.getCause()).code();
    } catch (NiroException e) {
      return e.code();
    }
  }

  private static Seen see(CompletableFuture<Logs.View> opened) {
    Seen seen = new Seen();
    opened.orTimeout(60, TimeUnit.SECONDS).join().start(seen);
    return seen;
  }

  @Test
  void a_viewer_sees_what_an_agent_at_another_server_sends_and_its_leaving_stops_the_agent() {
    CompletableFuture<Logs.View> opened = open();
    CommandId id = asked();
    assertThat(agent.result(id, CommandState.SUCCEEDED).state()).isEqualTo(CommandState.SUCCEEDED);
    assertThat(send(first, id, 1, "one")).isEqualTo(new StreamReply(false, 2000));
    Seen seen = see(opened);
    send(first, id, 2, "two", "three");
    assertThat(seen.all).containsExactly("one", "two", "three");

    opened.join().close();
    assertThat(send(first, id, 3, "four").stop()).isTrue();
    assertThat(seen.all).hasSize(3);
  }

  @Test
  void pieces_may_come_to_any_server_and_are_shown_once_and_in_order() {
    CompletableFuture<Logs.View> opened = open();
    CommandId id = asked();
    send(first, id, 1, "1");
    Seen seen = see(opened);
    for (int i = 2; i <= 50; i++) {
      send(i % 3 == 0 ? second : first, id, i, String.valueOf(i));
      send(i % 2 == 0 ? second : first, id, i, "again");
    }

    assertThat(seen.all).hasSize(50).doesNotContain("again").endsWith("49", "50");
  }

  @Test
  void the_server_of_the_agent_ends_and_the_stream_goes_on_through_the_other_without_a_gap() {
    CompletableFuture<Logs.View> opened = open();
    CommandId id = asked();
    send(first, id, 1, "one");
    Seen seen = see(opened);
    first.close();
    send(second, id, 2, "two");

    assertThat(seen.all).containsExactly("one", "two");
  }

  @Test
  void a_viewer_whose_server_dies_leaves_an_agent_that_tries_for_a_while_and_then_stops() {
    CompletableFuture<Logs.View> opened = open();
    CommandId id = asked();
    send(first, id, 1, "one");
    see(opened);
    second.unplug();
    assertThat(refusal(() -> send(first, id, 2, "two"))).isEqualTo(ErrorCode.STREAM_UNREACHABLE);
  }

  @Test
  void an_orderly_end_of_the_viewers_server_stops_the_agent_at_once() {
    CompletableFuture<Logs.View> opened = open();
    CommandId id = asked();
    send(first, id, 1, "one");
    Seen seen = see(opened);
    second.close();
    assertThat(seen.all).containsExactly("one", "end starting_or_stopping");
    first.pass(Duration.ofSeconds(5));

    assertThat(refusal(() -> send(first, id, 2, "two"))).isEqualTo(ErrorCode.NOT_FOUND);
  }

  @Test
  void what_the_agent_refuses_reaches_the_viewer() {
    CompletableFuture<Logs.View> opened = open();
    agent.result(asked(), CommandState.REJECTED);
    assertThat(refusal(() -> opened.orTimeout(60, TimeUnit.SECONDS).join()))
        .isEqualTo(ErrorCode.STREAM_UNREACHABLE);

    CompletableFuture<Logs.View> unknown = open();
    LogEnd end = new LogEnd("not_found", "no such pod");
    send(first, agent, asked(), new LogPiece(1, List.of(), 0, end));
    assertThat(refusal(() -> unknown.orTimeout(60, TimeUnit.SECONDS).join()))
        .isEqualTo(ErrorCode.NOT_FOUND);
  }

  @Test
  void a_slow_viewer_loses_lines_and_holds_up_neither_agent_nor_server() {
    CompletableFuture<Logs.View> opened = open();
    CommandId id = asked();
    List<String> lines = Collections.nCopies(4, "x".repeat(16_000));
    for (int i = 1; i <= 40; i++) {
      assertThat(send(first, agent, id, new LogPiece(i, lines, 0, null)).stop()).isFalse();
    }
    Seen seen = see(opened);
    send(first, id, 41, "after");

    assertThat(seen.all).hasSize(18).endsWith("dropped 144", "after");
  }

  @Test
  void an_agent_that_falls_silent_is_asked_again_through_whichever_server_it_polls() {
    CompletableFuture<Logs.View> opened = open();
    CommandId id = asked();
    send(first, id, 1, "one");
    Seen seen = see(opened);
    agent.restart().beat();
    pass(second, Duration.ofSeconds(12));
    CommandId again = asked();
    send(first, again, 1, "two");

    assertThat(again).isNotEqualTo(id);
    assertThat(seen.all).first().isEqualTo("one");
    assertThat(seen.all).anyMatch(line -> line.startsWith("gap ")).endsWith("two");
  }

  @Test
  void a_stream_belongs_to_its_cluster_and_to_a_server_that_is_there() {
    open();
    CommandId id = asked();
    FakeAgent other = agent(cluster("munich"));
    LogPiece forged = new LogPiece(1, List.of("forged"), 0, null);
    CommandId nobodys = new CommandId("s.nobody.1");

    assertThat(refusal(() -> send(first, other, id, forged))).isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(refusal(() -> send(first, nobodys, 1, "x"))).isEqualTo(ErrorCode.NOT_FOUND);
  }

  @Test
  void an_advertise_url_that_cannot_be_called_or_stored_is_refused() {
    NiroServer.Builder builder = NiroServer.builder(stores);
    for (String wrong : List.of("http://h:0", "http://h:99999", "http://" + "h".repeat(500))) {
      assertThatThrownBy(() -> builder.advertiseUrl(URI.create(wrong)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("port of 1 to 65535 and at most 500 characters");
    }
  }

  @Test
  void without_an_advertise_url_the_viewer_is_told_what_is_missing() {
    try (Replica third = new Replica(stores, time, false)) {
      CompletableFuture<Logs.View> opened =
          third.niro.logs().open(berlin.id(), FOLLOW).toCompletableFuture();
      pass(third, Duration.ofSeconds(12));

      assertThat(opened)
          .failsWithin(Duration.ofSeconds(60))
          .withThrowableThat()
          .withMessageContaining("when this one has an advertise URL");
    }
  }

  private int called(RelayRow of, String signedPath, String time, String body)
      throws IOException, InterruptedException {
    byte[] bytes =
        "{\"commands\":[],\"cancel\":[],\"confirmed\":[]}".getBytes(StandardCharsets.UTF_8);
    String digest = Signature.digest(bytes);
    String path = "/replica/v1/clusters/" + berlin.id() + "/offers";
    HttpRequest request =
        HttpRequest.newBuilder(second.uri().resolve(path))
            .header("content-type", "application/json")
            .header(Head.TIME, time)
            .header(Head.DIGEST, digest)
            .header(
                Head.SIGNATURE, Signature.of(of.secret(), "POST", path + signedPath, time, digest))
            .POST(
                BodyPublishers.ofString(
                    body.isEmpty() ? new String(bytes, StandardCharsets.UTF_8) : body))
            .build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode();
  }

  @Test
  void a_call_is_let_in_only_with_a_fresh_signature_over_its_path_and_body() throws Exception {
    List<RelayRow> rows = stores.inTransaction(tx -> tx.relays().all());
    RelayRow mine = row(rows, second);
    String now = String.valueOf(time.instant().toEpochMilli());
    String old = String.valueOf(time.instant().minusSeconds(61).toEpochMilli());
    String ahead = String.valueOf(time.instant().plusSeconds(61).toEpochMilli());

    assertThat(called(mine, "", now, "")).isEqualTo(204);
    assertThat(called(row(rows, first), "", now, "")).as("another server's secret").isEqualTo(401);
    assertThat(called(mine, "", old, "")).as("old").isEqualTo(401);
    assertThat(called(mine, "", ahead, "")).as("of the future").isEqualTo(401);
    assertThat(called(mine, "/x", now, "")).as("another path").isEqualTo(401);
    assertThat(called(mine, "", now, "{\"commands\":[],\"cancel\":[\"c\"],\"confirmed\":[]}"))
        .as("another body")
        .isEqualTo(401);
    HttpRequest bare =
        HttpRequest.newBuilder(
                second.uri().resolve("/replica/v1/clusters/" + berlin.id() + "/offers"))
            .header("content-type", "application/json")
            .POST(
                BodyPublishers.ofByteArray(NiroCodec.create().encode(new StreamReply(true, null))))
            .build();
    assertThat(HttpClient.newHttpClient().send(bare, BodyHandlers.discarding()).statusCode())
        .isEqualTo(401);
  }

  private static RelayRow row(List<RelayRow> rows, Replica of) {
    return rows.stream()
        .filter(row -> of.uri().toString().equals(row.url()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void a_server_that_shares_its_data_with_nobody_has_no_such_door() throws Exception {
    try (Replica alone = new Replica(MemoryStores.create(), time, true)) {
      HttpRequest request =
          HttpRequest.newBuilder(alone.uri().resolve("/replica/v1/clusters/c/offers"))
              .header("content-type", "application/json")
              .POST(BodyPublishers.ofString("{}"))
              .build();
      assertThat(HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode())
          .isEqualTo(404);
    }
  }
}
