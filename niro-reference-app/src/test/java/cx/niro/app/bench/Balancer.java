package cx.niro.app.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * One port for several servers: each connection goes to the next one that said twice in a row that
 * it is ready, and is ended when that one no longer says so.
 */
final class Balancer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final int MISSES = 2;

  private final List<Backend> backends;
  private final AtomicInteger next = new AtomicInteger();
  private final Wire wire = new Wire(this::choose);
  private volatile boolean closed;

  Balancer(List<URI> servers) {
    backends = servers.stream().map(Backend::new).toList();
    for (Backend one : backends) {
      Thread thread = new Thread(() -> watch(one), "health-" + one.uri.getPort());
      thread.setDaemon(true);
      thread.start();
    }
  }

  private static final class Backend {
    final URI uri;
    volatile boolean alive;

    Backend(URI uri) {
      this.uri = uri;
    }
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + wire.port());
  }

  boolean isAlive(int server) {
    return backends.get(server).alive;
  }

  private int choose() {
    int first = next.getAndIncrement();
    return IntStream.range(0, backends.size())
        .mapToObj(i -> backends.get(Math.floorMod(first + i, backends.size())))
        .filter(one -> one.alive)
        .findFirst()
        .map(one -> one.uri.getPort())
        .orElse(0);
  }

  private void watch(Backend one) {
    HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    HttpRequest probe =
        HttpRequest.newBuilder(one.uri.resolve("/readyz")).timeout(PATIENCE).build();
    int misses = 0;
    int hits = 0;
    while (!closed) {
      if (isReady(client, probe)) {
        misses = 0;
        hits++;
        one.alive |= hits >= 2;
      } else {
        hits = 0;
        misses++;
      }
      if (one.alive && misses >= MISSES) {
        one.alive = false;
        wire.end(one.uri.getPort());
      }
      pause();
    }
  }

  private static boolean isReady(HttpClient client, HttpRequest probe) {
    try {
      return client.send(probe, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(500);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    closed = true;
    wire.close();
  }
}
