package cx.niro.app.bench;

import cx.niro.app.bench.PlainClient.Call;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Clients that all ask at once, each on a connection of its own, and come back when told to. */
final class Crowd {
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI server;
  final Outcomes outcomes = new Outcomes();

  Crowd(URI server) {
    this.server = server;
  }

  /** Sends all of them at the same time; returns when each is done or refused for good. */
  void send(List<Call> calls) throws Exception {
    CompletableFuture<?>[] all =
        calls.stream().map(this::untilDone).toArray(CompletableFuture[]::new);
    CompletableFuture.allOf(all).get(10, TimeUnit.MINUTES);
  }

  private CompletableFuture<Integer> untilDone(Call call) {
    return once(call)
        .thenCompose(
            answer -> {
              int status = answer.statusCode();
              if (status != 429 && status != 503) {
                return CompletableFuture.completedFuture(status);
              }
              return later(answer).thenCompose(now -> untilDone(call));
            })
        .exceptionally(
            lost -> {
              outcomes.count("lost: " + lost.getMessage());
              return 0;
            });
  }

  /** As the protocol says: the time that was asked for and up to as much again. */
  private static CompletionStage<Void> later(HttpResponse<?> answer) {
    long asked = answer.headers().firstValueAsLong("retry-after").orElse(1) * 1000;
    long wait = asked + (long) (ThreadLocalRandom.current().nextDouble() * asked);
    Executor then = CompletableFuture.delayedExecutor(wait, TimeUnit.MILLISECONDS);
    return CompletableFuture.runAsync(() -> {}, then);
  }

  CompletableFuture<HttpResponse<Void>> once(Call call) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.resolve(call.path())).timeout(PATIENCE);
    if (!call.bearer().isEmpty()) {
      request.header("authorization", "Bearer " + call.bearer());
    }
    if (!call.body().isEmpty()) {
      request.header("content-type", "application/json");
    }
    HttpRequest made = request.method(call.method(), BodyPublishers.ofString(call.body())).build();
    return client
        .sendAsync(made, BodyHandlers.discarding())
        .whenComplete(
            (answer, lost) -> {
              if (answer != null) {
                outcomes.answered(answer.statusCode(), answer.headers().firstValue("retry-after"));
              }
            });
  }
}
