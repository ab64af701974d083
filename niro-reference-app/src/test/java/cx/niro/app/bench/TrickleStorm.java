package cx.niro.app.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Clients that send a byte a second: half of them of a head, the other half of a body. */
final class TrickleStorm implements Storm {
  private static final String HEAD = "POST /agent/v1/enroll HTTP/1.1\r\nHost: localhost\r\n";
  private static final String BODY =
      HEAD + "Content-Type: application/json\r\nContent-Length: 10000\r\n\r\n{";

  private final StormSite site;
  private final int count;
  private final Duration limit;
  private final Outcomes outcomes = new Outcomes();
  private long longestMillis;
  private int left;

  /**
   * @param limit how long to go on; those that are open then are closed from here
   */
  TrickleStorm(StormSite site, int count, Duration limit) {
    this.site = site;
    this.count = count;
    this.limit = limit;
  }

  private static final class Client {
    private final SocketChannel channel;
    private final long openedNanos = System.nanoTime();
    private final StringBuilder answer = new StringBuilder();

    private Client(SocketChannel channel) {
      this.channel = channel;
    }
  }

  @Override
  public void prepare() {}

  @Override
  public void run() throws Exception {
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      clients.add(open(i % 2 == 0 ? HEAD + "X-Long: " : BODY));
    }
    long end = System.nanoTime() + limit.toNanos();
    while (!clients.isEmpty() && System.nanoTime() < end) {
      TimeUnit.SECONDS.sleep(1);
      clients.removeIf(this::isOverAfterOneByte);
    }
    left = clients.size();
    for (Client client : clients) {
      client.channel.close();
    }
  }

  private Client open(String first) throws IOException {
    SocketChannel channel =
        SocketChannel.open(new InetSocketAddress(site.uri.getHost(), site.uri.getPort()));
    channel.write(ByteBuffer.wrap(first.getBytes(StandardCharsets.US_ASCII)));
    channel.configureBlocking(false);
    return new Client(channel);
  }

  private boolean isOverAfterOneByte(Client client) {
    try {
      ByteBuffer buffer = ByteBuffer.allocate(4096);
      int n = client.channel.read(buffer);
      client.answer.append(
          new String(buffer.array(), 0, Math.max(0, n), StandardCharsets.US_ASCII));
      if (n >= 0) {
        client.channel.write(ByteBuffer.wrap(new byte[] {'a'}));
        return false;
      }
    } catch (IOException e) {
      // closed by the server in the midst of a write
    }
    over(client);
    return true;
  }

  private void over(Client client) {
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - client.openedNanos);
    longestMillis = Math.max(longestMillis, millis);
    if (client.answer.length() < 12) {
      outcomes.closed();
    } else {
      outcomes.count(client.answer.substring(9, 12));
    }
    try {
      client.channel.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** How long the one that was open longest was open, before the server closed it. */
  Duration longest() {
    return Duration.ofMillis(longestMillis);
  }

  @Override
  public Outcomes outcomes() {
    return outcomes;
  }

  @Override
  public List<String> faults() {
    return left == 0 ? List.of() : List.of(left + " were open after " + limit);
  }
}
