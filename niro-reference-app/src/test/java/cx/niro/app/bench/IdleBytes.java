package cx.niro.app.bench;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Sums the frames of an agent's connection by what they are for. Guarded by the relay. */
final class IdleBytes implements Http2Relay.Listener {
  private static final int HEADERS = 1;
  private static final int PING = 6;

  private static final class Stream {
    private int bytes;
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
  }

  private final Map<Integer, Stream> open = new HashMap<>();
  private final Map<String, Integer> bytes = new TreeMap<>();
  private final Map<String, Integer> counts = new TreeMap<>();

  @Override
  public void frame(boolean request, int type, int stream, byte[] payload, int length) {
    if (stream == 0) {
      add(type == PING ? "pings" : "windows and settings", length);
      return;
    }
    Stream one = open.computeIfAbsent(stream, number -> new Stream());
    one.bytes += length;
    if (request && type != HEADERS) {
      one.sent.writeBytes(payload);
    }
  }

  private void add(String what, int length) {
    bytes.merge(what, length, Integer::sum);
    counts.merge(what, 1, Integer::sum);
  }

  /** Begins anew; what is parked goes on counting. */
  synchronized void clear() {
    open.values().forEach(stream -> stream.bytes = 0);
    bytes.clear();
    counts.clear();
  }

  /** Bytes by what they were for, and how often. */
  synchronized String text(double factor) {
    for (Stream stream : open.values()) {
      boolean poll = stream.sent.toString(StandardCharsets.UTF_8).contains("\"slots\"");
      if (stream.bytes > 0) {
        add(poll ? "polls" : "beats", stream.bytes);
      }
    }
    StringBuilder text = new StringBuilder();
    double all = 0;
    for (Map.Entry<String, Integer> one : bytes.entrySet()) {
      double kilobytes = one.getValue() * factor / 1000;
      all += kilobytes;
      text.append(
          "%-22s %5d in all  %7.1f kB an hour%n"
              .formatted(one.getKey(), counts.get(one.getKey()), kilobytes));
    }
    return text + "%-22s %24.1f kB an hour".formatted("HTTP/2 frames", all);
  }
}
