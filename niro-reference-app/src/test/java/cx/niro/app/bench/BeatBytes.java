package cx.niro.app.bench;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** Sums the frames of each stream and keeps those of heartbeats. Guarded by the relay. */
final class BeatBytes implements Http2Relay.Listener {
  private static final int DATA = 0;
  private static final int HEADERS = 1;

  /**
   * One beat and its answer.
   *
   * @param form unchanged, delta or full, and whether usage figures came along
   */
  record Beat(String form, int requestHead, int requestBody, int responseHead, int responseBody) {
    int bytes() {
      return requestHead + requestBody + responseHead + responseBody;
    }
  }

  private static final class Exchange {
    final int[] head = new int[2];
    final int[] body = new int[2];
    final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    final ByteArrayOutputStream answered = new ByteArrayOutputStream();
  }

  private final Map<Integer, Exchange> open = new HashMap<>();
  final List<Beat> beats = new ArrayList<>();
  String lastRequest = "";
  String lastAnswer = "";
  int connectionBytes;

  @Override
  public void frame(boolean request, int type, int stream, byte[] payload, int bytes) {
    if (stream == 0) {
      connectionBytes += bytes;
      return;
    }
    Exchange exchange = open.computeIfAbsent(stream, number -> new Exchange());
    int side = request ? 0 : 1;
    (type == DATA ? exchange.body : exchange.head)[side] += bytes;
    if (type == DATA) {
      (request ? exchange.sent : exchange.answered).writeBytes(payload);
    }
    if (!request && type <= HEADERS && exchange.answered.size() > 0) {
      take(stream, exchange);
    }
  }

  private void take(int stream, Exchange exchange) {
    String request = text(exchange.sent.toByteArray());
    String answer = exchange.answered.toString(StandardCharsets.UTF_8);
    if (!request.contains("\"content\"") || !answer.contains("confirmedRevision")) {
      return;
    }
    open.remove(stream);
    String form = request.replaceAll("(?s).*\"form\":\"(\\w+)\".*", "$1");
    String usage = request.contains("\"usage\"") ? " with usage" : "";
    beats.add(
        new Beat(
            form + usage, exchange.head[0], exchange.body[0], exchange.head[1], exchange.body[1]));
    if (form.equals("unchanged")) {
      lastRequest = request;
      lastAnswer = answer;
    }
  }

  private static String text(byte[] body) {
    if (body.length < 2 || body[0] != 0x1f) {
      return new String(body, StandardCharsets.UTF_8);
    }
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }
}
