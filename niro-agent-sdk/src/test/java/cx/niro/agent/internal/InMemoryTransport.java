package cx.niro.agent.internal;

import cx.niro.agent.testkit.FakeAnswer;
import cx.niro.agent.testkit.FakeServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Hands calls to a {@link FakeServer} in the same thread; a poll comes back after its wait. */
final class InMemoryTransport implements Transport {
  private static final Duration POLL_GRACE = Duration.ofSeconds(15);

  final List<Call> calls = new ArrayList<>();
  int rebuilds;
  boolean closed;

  /** Whether calls vanish: neither answer nor error. */
  boolean blackHole;

  private final FakeServer server;
  private final ScheduledExecutorService time;

  InMemoryTransport(FakeServer server, ScheduledExecutorService time) {
    this.server = server;
    this.time = time;
  }

  @Override
  public CompletionStage<Answer> send(Call call) {
    calls.add(call);
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    if (blackHole) {
      return answer;
    }
    String authorization = call.key() == null ? null : "Bearer " + call.key();
    CompletableFuture<FakeAnswer> given = server.handle(call.path(), authorization, call.body());
    if (call.parks()) {
      long wait = call.patience().minus(POLL_GRACE).toNanos();
      var unused =
          time.schedule(
              () -> given.complete(new FakeAnswer(200, "{}", null)), wait, TimeUnit.NANOSECONDS);
    }
    given.thenAccept(
        fake -> {
          if (fake.status() == 0) {
            answer.completeExceptionally(new IOException("connection lost"));
          } else {
            answer.complete(
                new Answer(
                    fake.status(),
                    fake.body().getBytes(StandardCharsets.UTF_8),
                    fake.retryAfterSeconds() == null
                        ? null
                        : Duration.ofSeconds(fake.retryAfterSeconds())));
          }
        });
    return answer;
  }

  List<Call> calls(String path) {
    return calls.stream().filter(call -> call.path().equals(path)).toList();
  }

  @Override
  public void rebuild() {
    rebuilds++;
    blackHole = false;
  }

  @Override
  public void close() {
    closed = true;
  }
}
