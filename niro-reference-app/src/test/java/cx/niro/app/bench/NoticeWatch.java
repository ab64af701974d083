package cx.niro.app.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import cx.niro.app.Json;
import cx.niro.app.SystemTime;
import cx.niro.app.bench.PlainClient.Answer;
import cx.niro.app.bench.PlainClient.Call;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A webhook's receiver that knows by which message it was told of which incident, and when. */
final class NoticeWatch implements AutoCloseable {
  private static final String SECRET = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

  private final HttpServer server;
  private final Map<String, Instant> openedAt = new HashMap<>();
  private final Map<String, Set<String>> messages = new HashMap<>();

  NoticeWatch() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/hook", this::take);
    server.start();
  }

  /** Has incidents of all severities sent here. */
  void subscribe(PlainClient client) {
    String body =
        """
        {"name":"watch","kind":"webhook","settings":{"url":"http://127.0.0.1:%d/hook","secret":"%s"},
         "minimumSeverity":"low","selector":{}}\
        """
            .formatted(server.getAddress().getPort(), SECRET);
    Answer made =
        client
            .untilAnswered(
                Call.post("/api/v1/channels", ServerProcess.ADMIN_TOKEN, body), () -> false)
            .orElseThrow();
    if (!made.ok()) {
      throw new IllegalStateException(made.toString());
    }
  }

  private void take(HttpExchange exchange) throws IOException {
    String text = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String message = exchange.getRequestHeaders().getFirst("webhook-id");
    Map<?, ?> data = (Map<?, ?>) ((Map<?, ?>) Json.parse(text)).get("data");
    ((List<?>) data.get("incidents")).forEach(one -> note(message, (Map<?, ?>) one));
    exchange.sendResponseHeaders(204, -1);
    exchange.close();
  }

  private synchronized void note(String message, Map<?, ?> incident) {
    if ("opened".equals(incident.get("change"))) {
      String id = (String) incident.get("id");
      openedAt.putIfAbsent(id, SystemTime.CLOCK.instant());
      messages.computeIfAbsent(id, any -> new HashSet<>()).add(message);
    }
  }

  /** Openings that were told by more than one message; best empty. */
  synchronized List<String> doubled() {
    return messages.entrySet().stream()
        .filter(entry -> entry.getValue().size() > 1)
        .map(entry -> "incident " + entry.getKey() + " was told by " + entry.getValue())
        .toList();
  }

  /** What has been firing for longer than {@code age} and was not told; best empty. */
  List<String> untold(PlainClient client, Duration age) {
    Instant before = SystemTime.CLOCK.instant().minus(age);
    List<String> all = new ArrayList<>();
    for (Map<?, ?> one : firing(client)) {
      if (opened(one).isBefore(before) && when(one) == null && one.get("suppressedBy") == null) {
        all.add(one.get("type") + " " + one.get("id") + " since " + opened(one));
      }
    }
    return all;
  }

  /** The seconds from the opening of each that still fires to its message. */
  List<Double> late(PlainClient client) {
    List<Double> all = new ArrayList<>();
    for (Map<?, ?> one : firing(client)) {
      Instant told = when(one);
      if (told != null) {
        all.add(Duration.between(opened(one), told).toMillis() / 1e3);
      }
    }
    return all;
  }

  private static List<Map<?, ?>> firing(PlainClient client) {
    return BeatingFleet.pages(client, "/api/v1/incidents?state=firing");
  }

  private static Instant opened(Map<?, ?> incident) {
    return Instant.parse((String) incident.get("openedAt"));
  }

  private synchronized Instant when(Map<?, ?> incident) {
    return openedAt.get((String) incident.get("id"));
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
