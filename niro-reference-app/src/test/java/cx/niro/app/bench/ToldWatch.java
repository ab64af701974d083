package cx.niro.app.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import cx.niro.app.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;

/** Receives what the channels of a server send, and counts it. */
final class ToldWatch implements AutoCloseable {
  private final HttpServer server;
  private final Set<String> groups = new TreeSet<>();
  private long messages;
  private long incidents;
  private long alerts;
  private long alertPosts;
  private long lastAt;

  /** What came since the last question. */
  record Told(
      long messages, int groups, long incidents, long alertPosts, long alerts, long lastAtMillis) {}

  ToldWatch() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/hook", exchange -> take(exchange, this::hook));
    server.createContext("/api/v2/alerts", exchange -> take(exchange, this::alerts));
    server.setExecutor(Executors.newFixedThreadPool(2));
    server.start();
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private interface Body {
    void took(Object value);
  }

  private static void take(HttpExchange exchange, Body body) throws IOException {
    String text = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    body.took(Json.parse(text));
    exchange.sendResponseHeaders(204, -1);
    exchange.close();
  }

  private synchronized void hook(Object value) {
    Map<?, ?> data = (Map<?, ?>) ((Map<?, ?>) value).get("data");
    List<?> listed = (List<?>) data.get("incidents");
    messages++;
    groups.add(String.valueOf(data.get("group")));
    incidents += listed.size() + ((Number) data.get("omitted")).longValue();
    lastAt = System.currentTimeMillis();
  }

  private synchronized void alerts(Object value) {
    alertPosts++;
    alerts += ((List<?>) value).size();
    lastAt = System.currentTimeMillis();
  }

  synchronized Told told() {
    return new Told(messages, groups.size(), incidents, alertPosts, alerts, lastAt);
  }

  synchronized Set<String> groups() {
    return Set.copyOf(groups);
  }

  /** Counts anew. */
  synchronized void forget() {
    groups.clear();
    messages = 0;
    incidents = 0;
    alerts = 0;
    alertPosts = 0;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
