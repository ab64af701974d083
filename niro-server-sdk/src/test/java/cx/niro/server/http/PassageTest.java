package cx.niro.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.ClusterId;
import cx.niro.core.Environment;
import cx.niro.core.OrganizationId;
import cx.niro.core.testkit.ManualTime;
import cx.niro.core.testkit.StepExecutor;
import cx.niro.server.Clusters.ClusterSpec;
import cx.niro.server.NiroServer;
import cx.niro.server.http.BodySource.Receiver;
import cx.niro.server.memory.MemoryStores;
import cx.niro.server.spi.Stores;
import cx.niro.server.testkit.FakeAgent;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On which thread a request is let in: each task of the executor is run by hand here. */
class PassageTest {
  private static final int CONCURRENCY = 5;

  private final ManualTime time = ManualTime.create();
  private final StepExecutor own = time.newExecutor();
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final List<Receiver> asked = new ArrayList<>();
  private final Stores stores = MemoryStores.create();
  private NiroServer server;
  private NiroHandler handler;
  private ClusterId cluster;
  private String key;

  @BeforeEach
  void start() {
    restart();
    var made =
        server
            .clusters()
            .create(
                new OrganizationId("acme"),
                new ClusterSpec("edge", Environment.UNSPECIFIED, Map.of()),
                "ada");
    cluster = made.id();
    FakeAgent agent = new FakeAgent(server.gateway(), time).enroll(made.enrollment().token());
    agent.beat();
    key = agent.key();
  }

  private void restart() {
    server =
        NiroServer.builder(stores)
            .clock(time)
            .nanos(time.nanos())
            .executor(own)
            .scheduler(own)
            .random(new SplittableRandom(1))
            .build();
    server.start();
    handler = NiroHandler.builder(server).executor(tasks::add).concurrency(CONCURRENCY).build();
  }

  @AfterEach
  void end() {
    handler.close();
    server.close();
  }

  private CompletableFuture<NiroResponse> poll(String shown) {
    NiroRequest head =
        new NiroRequest(
            "POST",
            "/agent/v1/poll",
            Map.of(),
            Map.of(
                "authorization", List.of("Bearer " + shown),
                "content-type", List.of("application/json")),
            InputStream.nullInputStream());
    return handler.handle(head, asked::add).toCompletableFuture();
  }

  private static void send(Receiver receiver, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    receiver.take(bytes, 0, bytes.length);
    receiver.end();
  }

  @Test
  void a_caller_who_is_known_takes_a_thread_when_the_body_is_there_and_not_before() {
    CompletableFuture<NiroResponse> answer = poll(key);
    assertThat(tasks).isEmpty();
    send(asked.get(0), "{\"bootId\":7}");
    assertThat(tasks).hasSize(1);
    tasks.remove().run();
    assertThat(answer.join().status()).isEqualTo(400);
  }

  @Test
  void a_key_that_is_not_held_is_looked_up_on_the_executor_before_the_body_is_read() {
    restart();
    CompletableFuture<NiroResponse> answer = poll(key);
    assertThat(asked).isEmpty();
    tasks.remove().run();
    send(asked.get(0), "{\"bootId\":7}");
    tasks.remove().run();
    assertThat(answer.join().status()).isEqualTo(400);
  }

  @Test
  void a_key_that_was_revoked_is_refused_at_once() {
    server.clusters().delete(cluster, "ada");
    CompletableFuture<NiroResponse> answer = poll(key);
    asked.forEach(receiver -> send(receiver, "{}"));
    assertThat(answer.join().status()).isEqualTo(401);
    assertThat(tasks).isEmpty();
  }

  @Test
  void where_others_wait_a_known_caller_waits_for_a_turn_before_the_body_is_read() {
    poll(key);
    send(asked.remove(0), "{\"bootId\":7}");
    assertThat(tasks).hasSize(1);
    poll(key);
    assertThat(asked).isEmpty();
    tasks.remove().run();
    assertThat(tasks).hasSize(1);
    tasks.remove().run();
    assertThat(asked).hasSize(1);
  }

  @Test
  void a_body_that_is_refused_before_it_is_sent_takes_a_thread_of_the_executor_too() {
    NiroRequest head =
        new NiroRequest(
            "POST",
            "/agent/v1/heartbeat",
            Map.of(),
            Map.of(
                "authorization", List.of("Bearer " + key),
                "content-type", List.of("text/plain"),
                "expect", List.of("100-continue")),
            InputStream.nullInputStream());
    CompletableFuture<NiroResponse> answer = handler.handle(head, asked::add).toCompletableFuture();
    assertThat(answer).isNotDone();
    assertThat(asked).isEmpty();
    tasks.remove().run();
    assertThat(answer.join().status()).isEqualTo(415);
  }
}
