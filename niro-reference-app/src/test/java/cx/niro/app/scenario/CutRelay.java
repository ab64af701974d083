package cx.niro.app.scenario;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Passes bytes on to one place, on a free port of the loopback address, until it is told to cut.
 */
final class CutRelay implements AutoCloseable {
  private final URI target;
  private final ServerSocket door;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  CutRelay(URI target) throws IOException {
    this.target = target;
    this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  int port() {
    return door.getLocalPort();
  }

  /** Ends all connections; new ones are passed on again. */
  void cut() {
    open.forEach(CutRelay::end);
    open.clear();
  }

  private void accept() {
    try {
      while (true) {
        Socket from = door.accept();
        Socket to = new Socket(target.getHost(), target.getPort());
        open.add(from);
        open.add(to);
        threads.execute(() -> copy(from, to));
        threads.execute(() -> copy(to, from));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private static void copy(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // Cut.
    }
  }

  private static void end(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It was on its way.
    }
  }

  @Override
  public void close() throws IOException {
    door.close();
    cut();
    threads.shutdownNow();
  }
}
