package cx.niro.server.scenario;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import cx.niro.core.testkit.ManualTime;
import cx.niro.core.testkit.StepExecutor;
import cx.niro.server.NiroServer;
import cx.niro.server.http.NiroHandler;
import cx.niro.server.http.NiroRequest;
import cx.niro.server.http.NiroResponse;
import cx.niro.server.spi.Stores;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** One of several servers over the same stores, on a port of its own; its timers are the test's. */
final class Replica implements AutoCloseable {
  private final ExecutorService threads = Executors.newFixedThreadPool(8);
  private final AtomicInteger working = new AtomicInteger();
  private final ManualTime time;
  private final HttpServer front;
  final NiroServer niro;
  private final NiroHandler handler;

  /** Starts it. */
  Replica(Stores stores, ManualTime time, boolean advertised) {
    this.time = time;
    StepExecutor timers = time.newExecutor();
    try {
      front = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    NiroServer.Builder builder =
        NiroServer.builder(stores)
            .clock(time)
            .nanos(time.nanos())
            .executor(this::execute)
            .scheduler(timers);
    if (advertised) {
      builder.advertiseUrl(uri());
    }
    niro = builder.build();
    handler = NiroHandler.builder(niro).build();
    front.setExecutor(threads);
    front.createContext("/", this::serve);
    front.start();
    niro.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + front.getAddress().getPort());
  }

  private void execute(Runnable task) {
    working.incrementAndGet();
    threads.execute(
        () -> {
          try {
            task.run();
          } finally {
            working.decrementAndGet();
          }
        });
  }

  private void serve(HttpExchange exchange) throws IOException {
    Map<String, List<String>> headers = new HashMap<>();
    exchange.getRequestHeaders().forEach((name, all) -> headers.put(lower(name), all));
    NiroRequest request =
        new NiroRequest(
            exchange.getRequestMethod(),
            exchange.getRequestURI().getPath(),
            Map.of(),
            headers,
            new ByteArrayInputStream(exchange.getRequestBody().readAllBytes()));
    NiroResponse response = handler.handle(request).toCompletableFuture().join();
    byte[] body = ((NiroResponse.Body.Bytes) response.body()).bytes();
    exchange.sendResponseHeaders(response.status(), body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /** Lets the time of all servers pass, and this one's work be done, second after second. */
  void pass(Duration span) {
    for (long i = 0; i < span.toSeconds(); i++) {
      time.advance(Duration.ofSeconds(1));
      settle();
    }
  }

  /** Waits until this one's work is done. */
  void settle() {
    while (working.get() > 0) {
      Thread.onSpinWait();
    }
  }

  /** Nobody reaches it any more, and it says nothing to anybody. */
  void unplug() {
    front.stop(0);
  }

  @Override
  public void close() {
    front.stop(0);
    handler.close();
    niro.close();
    threads.shutdownNow();
  }
}
