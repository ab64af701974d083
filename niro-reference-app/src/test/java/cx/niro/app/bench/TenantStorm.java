package cx.niro.app.bench;

import cx.niro.app.bench.PlainClient.Call;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * One tenant who floods: an agent key with bodies of 16 MiB that are not finished, and an API token
 * that asks for long lists on many connections.
 */
final class TenantStorm implements Storm {
  private static final int MIB = 1 << 20;
  private static final int BODY_MIB = 16;
  private static final List<String> LISTS =
      List.of("/api/v1/clusters?limit=1000", "/api/v1/pods?limit=1000", "/api/v1/incidents");

  private final StormSite site;
  private final int connections;
  private final Duration time;
  private final Crowd crowd;
  private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
  private volatile boolean over;
  private String key = "";
  private String token = "";

  TenantStorm(StormSite site, int connections, Duration time) {
    this.site = site;
    this.connections = connections;
    this.time = time;
    this.crowd = new Crowd(site.uri);
  }

  @Override
  public void prepare() throws Exception {
    key = site.enrolled("flood", 1).get(0).key;
    token = site.token("flood");
  }

  @Override
  public void run() throws Exception {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      boolean body = i % 4 == 0;
      Thread thread = new Thread(body ? this::sendBodies : this::askForLists, "flood-" + i);
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
    Thread.sleep(time.toMillis());
    over = true;
    for (Socket socket : sockets) {
      socket.close();
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private void askForLists() {
    for (int i = 0; !over; i++) {
      try {
        crowd.once(Call.get(LISTS.get(i % LISTS.size()), token)).join();
      } catch (CompletionException e) {
        crowd.outcomes.count("lost: " + e.getCause());
      }
    }
  }

  private void sendBodies() {
    while (!over) {
      try (Socket socket = new Socket(site.uri.getHost(), site.uri.getPort())) {
        sockets.add(socket);
        socket.setSoTimeout((int) Duration.ofSeconds(40).toMillis());
        sendBody(socket);
      } catch (IOException e) {
        if (!over) {
          crowd.outcomes.closed();
        }
      }
    }
  }

  private void sendBody(Socket socket) throws IOException {
    String head =
        """
        POST /agent/v1/heartbeat HTTP/1.1\r
        Host: localhost\r
        Content-Type: application/json\r
        Authorization: Bearer %s\r
        Content-Length: %d\r
        \r
        """
            .formatted(key, BODY_MIB * MIB);
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    byte[] piece = new byte[MIB];
    for (int i = 1; i < BODY_MIB && !over; i++) {
      socket.getOutputStream().write(piece);
    }
    if (!over) {
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      boolean told = answer.contains("\nRetry-After: ");
      if (answer.length() < 12) {
        crowd.outcomes.closed();
      } else {
        int status = Integer.parseInt(answer.substring(9, 12));
        crowd.outcomes.answered(status, told ? Optional.of("1") : Optional.empty());
      }
    }
  }

  @Override
  public Outcomes outcomes() {
    return crowd.outcomes;
  }

  @Override
  public List<String> faults() {
    return List.of();
  }
}
