package cx.niro.app.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Readers that ask for streams of changes and long lists, and take nothing of the answer. */
final class SlowReaderStorm implements Storm {
  private static final List<String> PATHS =
      List.of("/api/v1/stream", "/api/v1/clusters?limit=1000", "/api/v1/pods?limit=1000");

  private final StormSite site;
  private final int count;
  private final Duration time;
  private final Outcomes outcomes = new Outcomes();
  private String token = "";

  SlowReaderStorm(StormSite site, int count, Duration time) {
    this.site = site;
    this.count = count;
    this.time = time;
  }

  @Override
  public void prepare() {
    token = site.token("slow");
  }

  @Override
  public void run() throws Exception {
    List<Socket> readers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      readers.add(ask(PATHS.get(i % PATHS.size())));
    }
    TimeUnit.MILLISECONDS.sleep(time.toMillis());
    for (Socket reader : readers) {
      look(reader);
      reader.close();
    }
  }

  private Socket ask(String path) throws IOException {
    Socket reader = new Socket();
    reader.setReceiveBufferSize(4096);
    reader.connect(new InetSocketAddress(site.uri.getHost(), site.uri.getPort()));
    String head =
        "GET %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n"
            .formatted(path, token);
    reader.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    return reader;
  }

  /** Only now: what was answered at the time. */
  private void look(Socket reader) throws IOException {
    reader.setSoTimeout(10_000);
    byte[] first = reader.getInputStream().readNBytes(12);
    if (first.length < 12) {
      outcomes.closed();
    } else {
      outcomes.count(new String(first, 9, 3, StandardCharsets.US_ASCII));
    }
  }

  @Override
  public Outcomes outcomes() {
    return outcomes;
  }

  @Override
  public List<String> faults() {
    return List.of();
  }
}
