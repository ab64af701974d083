package cx.niro.app.agent;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import cx.niro.app.CommandException;
import cx.niro.app.ExitCode;
import cx.niro.app.SystemTime;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What Kubernetes asks the agent's pod: {@code /healthz}, whether the process answers, and {@code
 * /readyz}, whether a heartbeat was accepted once, so that a new pod that cannot report never
 * replaces one that can.
 */
final class AgentProbe implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(SystemTime.daemons("probe"));
  private final AtomicBoolean ready = new AtomicBoolean();

  private AgentProbe(HttpServer server) {
    this.server = server;
  }

  /** Opens it; port 0 for any free one. */
  static AgentProbe open(int port) {
    try {
      AgentProbe probe = new AgentProbe(HttpServer.create(new InetSocketAddress(port), 0));
      probe.serve();
      return probe;
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.CONFLICT,
          "the probe's port " + port + " cannot be opened: " + e.getMessage(),
          e);
    }
  }

  private void serve() {
    server.createContext("/healthz", exchange -> answer(exchange, true));
    server.createContext("/readyz", exchange -> answer(exchange, ready.get()));
    server.setExecutor(thread);
    server.start();
  }

  private static void answer(HttpExchange exchange, boolean well) throws IOException {
    String text = well ? "ok\n" : "no heartbeat was accepted yet\n";
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.sendResponseHeaders(well ? 200 : 503, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  /** From now on the pod is ready. */
  void ready() {
    ready.set(true);
  }

  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    thread.shutdownNow();
  }
}
