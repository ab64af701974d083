package cx.niro.agent.testkit;

import cx.niro.agent.internal.Transport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;

/**
 * A few HTTP/2 connections for the agents of a whole fleet, without a thread for each call: okhttp,
 * which agents use otherwise, waits for every parked poll on a thread of its own. In clear text a
 * connection begins as HTTP/1.1, which only a request without a body can change, so each is opened
 * with one.
 */
final class SharedConnections {
  private static final int GZIP_FROM_BYTES = 1024;

  private final String serverUrl;
  private final List<HttpClient> clients;
  private final AtomicInteger next = new AtomicInteger();

  SharedConnections(String serverUrl, int count, Executor executor) {
    this.serverUrl = serverUrl;
    this.clients = IntStream.range(0, count).mapToObj(i -> client(executor)).toList();
    clients.forEach(this::open);
  }

  private static HttpClient client(Executor executor) {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_2)
        .executor(executor)
        .connectTimeout(Duration.ofSeconds(10))
        .build();
  }

  private void open(HttpClient client) {
    HttpRequest head = HttpRequest.newBuilder(URI.create(serverUrl + "/healthz")).build();
    try {
      client.send(head, HttpResponse.BodyHandlers.discarding());
    } catch (IOException e) {
      throw new IllegalStateException("the server cannot be reached", e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** For one agent; agents take turns on the connections. */
  Transport transport() {
    return new One(clients.get(Math.floorMod(next.getAndIncrement(), clients.size())));
  }

  private final class One implements Transport {
    private final HttpClient client;
    private final Set<CompletableFuture<?>> open = ConcurrentHashMap.newKeySet();

    One(HttpClient client) {
      this.client = client;
    }

    @Override
    public CompletionStage<Answer> send(Call call) {
      CompletableFuture<HttpResponse<byte[]>> sent;
      try {
        sent = client.sendAsync(request(call), HttpResponse.BodyHandlers.ofByteArray());
      } catch (IOException | RuntimeException e) {
        return CompletableFuture.failedFuture(e);
      }
      open.add(sent);
      return sent.whenComplete((answer, error) -> open.remove(sent)).thenApply(One::answer);
    }

    private HttpRequest request(Call call) throws IOException {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(serverUrl + call.path()))
              .timeout(call.patience())
              .header("User-Agent", "niro-agent/simulated")
              .header("Accept", "application/json")
              .header("Content-Type", "application/json");
      if (call.key() != null) {
        request.header("Authorization", "Bearer " + call.key());
      }
      byte[] body = call.body();
      if (body.length >= GZIP_FROM_BYTES) {
        request.header("Content-Encoding", "gzip");
        body = gzip(body);
      }
      return request.POST(HttpRequest.BodyPublishers.ofByteArray(body)).build();
    }

    private static byte[] gzip(byte[] body) throws IOException {
      ByteArrayOutputStream packed = new ByteArrayOutputStream(body.length / 4);
      try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
        out.write(body);
      }
      return packed.toByteArray();
    }

    private static Answer answer(HttpResponse<byte[]> response) {
      Duration wait =
          response
              .headers()
              .firstValue("Retry-After")
              .filter(text -> text.matches("\\d{1,6}"))
              .map(text -> Duration.ofSeconds(Long.parseLong(text)))
              .orElse(null);
      return new Answer(response.statusCode(), response.body(), wait);
    }

    /** The connection is that of others too. */
    @Override
    public void rebuild() {
      close();
    }

    @Override
    public void close() {
      open.forEach(call -> call.cancel(true));
    }
  }
}
