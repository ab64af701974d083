package cx.niro.app.bench;

import cx.niro.app.Json;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Sends JSON texts over HTTP/1.1 and knows nothing of Niro; safe for use by any thread. */
final class PlainClient {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration BEFORE_REPEAT = Duration.ofMillis(50);

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final URI server;
  final LongAdder answered = new LongAdder();
  final LongAdder unanswered = new LongAdder();

  /** How often which status from 500 on came. */
  final Map<Integer, LongAdder> failures = new ConcurrentSkipListMap<>();

  PlainClient(URI server) {
    this.server = server;
  }

  /** What is sent. */
  record Call(String method, String path, String bearer, String body) {
    static Call get(String path, String bearer) {
      return new Call("GET", path, bearer, "");
    }

    static Call post(String path, String bearer, String body) {
      return new Call("POST", path, bearer, body);
    }
  }

  /** What came back. */
  record Answer(int status, String body) {
    boolean ok() {
      return status >= 200 && status < 300;
    }

    /** The member at a path of names, as text; empty when there is none. */
    String text(String... names) {
      Object value = Json.parse(body);
      for (String name : names) {
        value = value instanceof Map<?, ?> object ? object.get(name) : null;
      }
      return value == null ? "" : value.toString();
    }

    List<Map<?, ?>> items(String name) {
      Object items = Json.parse(body) instanceof Map<?, ?> object ? object.get(name) : null;
      return items instanceof List<?> list
          ? list.stream().<Map<?, ?>>map(item -> (Map<?, ?>) item).toList()
          : List.of();
    }
  }

  /** Sends once; empty when no answer came, so that nobody knows whether it was done. */
  Optional<Answer> once(Call call) {
    try {
      HttpResponse<String> response = client.send(request(call), BodyHandlers.ofString());
      if (response.statusCode() >= 500) {
        failures.computeIfAbsent(response.statusCode(), any -> new LongAdder()).increment();
        unanswered.increment();
        return Optional.empty();
      }
      answered.increment();
      return Optional.of(new Answer(response.statusCode(), response.body()));
    } catch (ConnectException e) {
      return Optional.empty();
    } catch (IOException e) {
      unanswered.increment();
      return Optional.empty();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Sends the very same request until it is answered; empty when told to give up before. */
  Optional<Answer> untilAnswered(Call call, BooleanSupplier giveUp) {
    while (!giveUp.getAsBoolean()) {
      Optional<Answer> answer = once(call);
      if (answer.isPresent()) {
        return answer;
      }
      LockSupport.parkNanos(BEFORE_REPEAT.toNanos());
    }
    return Optional.empty();
  }

  private HttpRequest request(Call call) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.resolve(call.path)).timeout(PATIENCE);
    if (!call.bearer.isEmpty()) {
      request.header("authorization", "Bearer " + call.bearer);
    }
    if (!call.body.isEmpty()) {
      request.header("content-type", "application/json");
    }
    return request.method(call.method, BodyPublishers.ofString(call.body)).build();
  }
}
