package cx.niro.app.bench;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** Stands between a client and a server and counts the bytes both ways, whatever they are. */
final class ByteRelay implements Closeable {
  private final ServerSocket door = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final int server;
  final AtomicLong bytes = new AtomicLong();

  ByteRelay(int server) throws IOException {
    this.server = server;
    threads.execute(this::accept);
  }

  int port() {
    return door.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = door.accept();
        Socket there = new Socket(InetAddress.getLoopbackAddress(), server);
        client.setTcpNoDelay(true);
        there.setTcpNoDelay(true);
        threads.execute(() -> pass(client, there));
        threads.execute(() -> pass(there, client));
      }
    } catch (IOException closed) {
      // The door was closed.
    }
  }

  private void pass(Socket from, Socket to) {
    byte[] piece = new byte[64 * 1024];
    try (from;
        to;
        InputStream in = from.getInputStream()) {
      for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
        bytes.addAndGet(n);
        to.getOutputStream().write(piece, 0, n);
      }
    } catch (IOException ended) {
      // One side is gone; the other follows.
    }
  }

  @Override
  public void close() throws IOException {
    door.close();
    threads.shutdownNow();
  }
}
