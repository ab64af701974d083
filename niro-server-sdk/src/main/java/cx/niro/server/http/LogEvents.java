package cx.niro.server.http;

import cx.niro.core.protocol.LogEnd;
import cx.niro.core.protocol.NiroCodec;
import cx.niro.server.LogViewer;
import cx.niro.server.internal.rest.LogJson;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** Lines as Server-Sent Events; what a slow reader does not take is counted and told later. */
final class LogEvents implements LogViewer {
  private static final byte[] COMMENT = ":\n\n".getBytes(StandardCharsets.UTF_8);

  private final NiroResponse.Sink sink;
  private final NiroCodec codec;
  private long lost;

  LogEvents(NiroResponse.Sink sink, NiroCodec codec) {
    this.sink = sink;
    this.codec = codec;
  }

  /** Shows both sides that the connection lives. */
  void comment() {
    sink.write(COMMENT);
  }

  void close() {
    sink.close();
  }

  @Override
  public void lines(List<String> lines) {
    if (!tellLost() || !send("lines", new LogJson.Lines(lines))) {
      lost += lines.size();
    }
  }

  @Override
  public void dropped(long count) {
    lost += count;
    tellLost();
  }

  @Override
  public void gap(Duration silence) {
    tellLost();
    send("gap", new LogJson.Gap(silence.toSeconds()));
  }

  @Override
  public void ended(LogEnd end) {
    tellLost();
    send("end", new LogJson.End(end.code(), end.reason()));
    sink.close();
  }

  private boolean tellLost() {
    if (lost > 0 && send("dropped", new LogJson.Dropped(lost))) {
      lost = 0;
    }
    return lost == 0;
  }

  private boolean send(String event, Object data) {
    return sink.write(Subscriber.piece(event, codec.encode(data)));
  }
}
