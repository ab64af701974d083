package cx.niro.app.scenario;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * What an API server asks of a kubelet for {@code pods/log}: {@code /containerLogs} over HTTPS, on
 * a free port of the loopback address. Containers are known by their names.
 */
final class PlayedKubelet implements AutoCloseable {
  private static final char[] PASSWORD = "changeit".toCharArray();

  private record Line(Instant at, byte[] bytes) {}

  private final Map<String, List<Line>> now = new HashMap<>();
  private final Map<String, List<Line>> before = new HashMap<>();
  private final Map<String, AtomicInteger> readers = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpsServer server;

  /**
   * @param folder for its key
   */
  PlayedKubelet(Path folder) throws Exception {
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(selfSigned(folder.resolve("kubelet.p12"))));
    server.setExecutor(threads);
    server.createContext("/containerLogs/", this::serve);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** How many read the container's log just now. */
  int readers(String container) {
    return count(container).get();
  }

  private AtomicInteger count(String container) {
    return readers.computeIfAbsent(container, any -> new AtomicInteger());
  }

  void write(String container, String line) {
    write(container, Instant.now(), line.getBytes(StandardCharsets.UTF_8));
  }

  synchronized void write(String container, Instant at, byte[] line) {
    now.computeIfAbsent(container, any -> new ArrayList<>()).add(new Line(at, line));
    notifyAll();
  }

  /**
   * The container ends, and with it what is followed of it; its log is that of the previous run.
   */
  synchronized void restart(String container) {
    before.put(container, now.remove(container));
    notifyAll();
  }

  private void serve(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String container = path.substring(path.lastIndexOf('/') + 1);
    Map<String, String> asked = query(exchange.getRequestURI().getQuery());
    count(container).incrementAndGet();
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", "text/plain");
      exchange.sendResponseHeaders(200, 0);
      OutputStream out = exchange.getResponseBody();
      List<Line> run = run(container, asked.containsKey("previous"));
      int from = begin(run, asked);
      do {
        from = copy(run, from, out);
      } while (asked.containsKey("follow") && awaitMore(container, run, from));
    } finally {
      count(container).decrementAndGet();
    }
  }

  private static Map<String, String> query(String text) {
    Map<String, String> asked = new HashMap<>();
    for (String part : (text == null ? "" : text).split("&")) {
      String[] both = part.split("=");
      if (both.length == 2 && !both[1].equals("false")) {
        asked.put(both[0], both[1]);
      }
    }
    return asked;
  }

  private synchronized List<Line> run(String container, boolean previous) {
    return previous
        ? before.getOrDefault(container, List.of())
        : now.computeIfAbsent(container, any -> new ArrayList<>());
  }

  private synchronized int begin(List<Line> run, Map<String, String> asked) {
    long since = Long.parseLong(asked.getOrDefault("sinceSeconds", "1000000"));
    int tail = Integer.parseInt(asked.getOrDefault("tailLines", "1000000"));
    Instant oldest = Instant.now().minusSeconds(since);
    int from = Math.max(0, run.size() - tail);
    while (from < run.size() && run.get(from).at().isBefore(oldest)) {
      from++;
    }
    return from;
  }

  private int copy(List<Line> run, int from, OutputStream out) throws IOException {
    List<Line> more;
    synchronized (this) {
      more = List.copyOf(run.subList(from, run.size()));
    }
    for (Line line : more) {
      out.write(line.bytes());
      out.write('\n');
    }
    out.flush();
    return from + more.size();
  }

  /** False when the container has ended. */
  private synchronized boolean awaitMore(String container, List<Line> run, int from) {
    try {
      while (run.size() == from && now.get(container) == run) {
        wait();
      }
    } catch (InterruptedException e) {
      return false;
    }
    return run.size() > from;
  }

  private static SSLContext selfSigned(Path store) throws Exception {
    List<String> keytool =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair -alias a -keyalg EC -groupname secp256r1 -dname CN=kubelet",
            "-ext san=ip:127.0.0.1 -validity 2 -storetype PKCS12",
            "-keystore " + store + " -storepass " + String.valueOf(PASSWORD));
    List<String> words = List.of(String.join(" ", keytool).split(" "));
    Process made = new ProcessBuilder(words).inheritIO().start();
    if (!made.waitFor(60, TimeUnit.SECONDS)) {
      throw new IllegalStateException("keytool is still busy");
    }
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
