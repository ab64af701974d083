package cx.niro.app.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;

/**
 * Passes bytes between a port of its own and others of this machine, until it is cut, held or
 * slowed. Each connection asks anew which port it leads to.
 */
final class Wire implements AutoCloseable {
  private static final Duration LOOK = Duration.ofMillis(20);

  private enum State {
    OPEN,
    CUT,
    HELD
  }

  private record Pair(Socket near, Socket far) {
    void end() {
      close(near);
      close(far);
    }

    private static void close(Socket socket) {
      try {
        socket.close();
      } catch (IOException e) {
        // It is closed all the same.
      }
    }
  }

  private final IntSupplier target;
  private final ServerSocket door;
  private final Set<Pair> open = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private volatile State state = State.OPEN;
  private volatile Duration delay = Duration.ZERO;

  /**
   * @param target a port, asked for each connection; 0 when there is none
   */
  Wire(IntSupplier target) {
    this.target = target;
    try {
      door = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(this::take);
  }

  int port() {
    return door.getLocalPort();
  }

  /** Ends all connections, and new ones at once, as when the other side is gone. */
  void cut() {
    state = State.CUT;
    open.forEach(Pair::end);
  }

  /** Nothing gets through and nobody is told, as when packets are lost on the way. */
  void hold() {
    state = State.HELD;
  }

  /** Each piece takes this much longer, in both directions. */
  void slow(Duration by) {
    delay = by;
  }

  void mend() {
    delay = Duration.ZERO;
    state = State.OPEN;
  }

  /** Ends the connections that lead there. */
  void end(int port) {
    open.stream().filter(pair -> pair.far.getPort() == port).forEach(Pair::end);
  }

  private void take() {
    while (!door.isClosed()) {
      try {
        Socket near = door.accept();
        threads.execute(() -> connect(near));
      } catch (IOException e) {
        // The door was closed.
      }
    }
  }

  private void connect(Socket near) {
    int port = state == State.CUT ? 0 : target.getAsInt();
    try {
      if (port == 0) {
        near.close();
        return;
      }
      Pair pair = new Pair(near, new Socket(InetAddress.getLoopbackAddress(), port));
      open.add(pair);
      near.setTcpNoDelay(true);
      pair.far.setTcpNoDelay(true);
      threads.execute(() -> pass(pair, pair.far, near));
      pass(pair, near, pair.far);
    } catch (IOException e) {
      Pair.close(near);
    }
  }

  private void pass(Pair pair, Socket from, Socket to) {
    byte[] buffer = new byte[64 * 1024];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        LockSupport.parkNanos(delay.toNanos());
        while (state == State.HELD) {
          LockSupport.parkNanos(LOOK.toNanos());
        }
        out.write(buffer, 0, n);
        out.flush();
      }
    } catch (IOException e) {
      // One side is gone; the other follows.
    } finally {
      pair.end();
      open.remove(pair);
    }
  }

  @Override
  public void close() {
    try {
      door.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cut();
    threads.shutdownNow();
  }
}
