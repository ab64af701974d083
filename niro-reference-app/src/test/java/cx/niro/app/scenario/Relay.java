package cx.niro.app.scenario;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;

/**
 * Stands between clients and a port of this machine, passes bytes on, and breaks when it is told
 * to. The first line of a request is seen where HTTP/1.1 is spoken in clear.
 */
final class Relay implements AutoCloseable {
  /** What becomes of the request that fits. */
  enum Fate {
    /** The server never sees it. */
    CUT_BEFORE,
    /** The server has it, its answer gets lost. */
    CUT_AFTER,
    /** It waits until {@link #release}, and so do all that fit. */
    HELD
  }

  private record Trap(Predicate<String> request, Fate fate, CountDownLatch sprung) {}

  private final ServerSocket door;
  private final int target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private volatile boolean refusing;
  private volatile Trap trap;
  private volatile CountDownLatch released = new CountDownLatch(0);

  Relay(int target) {
    this.target = target;
    try {
      door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(this::take);
  }

  int port() {
    return door.getLocalPort();
  }

  /** Cuts every connection and lets none through, until {@link #accept}. */
  void refuse() {
    refusing = true;
    cut();
  }

  void accept() {
    refusing = false;
  }

  boolean isRefusing() {
    return refusing;
  }

  /** Cuts every connection; new ones get through. */
  void cut() {
    open.forEach(Relay::closed);
  }

  /** Does this to the next request whose first line fits; a cut is a refusal from then on. */
  CountDownLatch next(Fate fate, Predicate<String> request) {
    released = new CountDownLatch(fate == Fate.HELD ? 1 : 0);
    Trap set = new Trap(request, fate, new CountDownLatch(1));
    trap = set;
    return set.sprung();
  }

  /** What was held goes on. */
  void release() {
    trap = null;
    released.countDown();
  }

  private void take() {
    while (!door.isClosed()) {
      try {
        Socket client = door.accept();
        if (refusing) {
          closed(client);
        } else {
          connect(client);
        }
      } catch (IOException e) {
        // The door was closed, or there is no server now.
      }
    }
  }

  private void connect(Socket client) throws IOException {
    open.add(client);
    try {
      Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
      open.add(server);
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      CountDownLatch lost = new CountDownLatch(1);
      threads.execute(() -> pass(client, server, () -> false, lost));
      threads.execute(() -> pass(server, client, () -> lost.getCount() == 0, null));
    } catch (IOException e) {
      closed(client);
      throw e;
    }
  }

  private interface Loses {
    boolean now();
  }

  private void pass(Socket from, Socket to, Loses loses, CountDownLatch lost) {
    byte[] buffer = new byte[64 * 1024];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (loses.now()) {
          refuse();
          return;
        }
        if (lost != null && !seen(buffer, n, lost)) {
          return;
        }
        out.write(buffer, 0, n);
        out.flush();
      }
    } catch (IOException | InterruptedException e) {
      // One side is gone; the other follows.
    } finally {
      open.remove(from);
      open.remove(to);
    }
  }

  /** False when the request goes no further. */
  private boolean seen(byte[] buffer, int length, CountDownLatch lost) throws InterruptedException {
    Trap set = trap;
    if (set == null || !set.request().test(firstLine(buffer, length))) {
      return true;
    }
    set.sprung().countDown();
    switch (set.fate()) {
      case HELD -> released.await();
      case CUT_BEFORE -> {
        trap = null;
        refuse();
        return false;
      }
      case CUT_AFTER -> {
        trap = null;
        lost.countDown();
      }
    }
    return true;
  }

  private static String firstLine(byte[] buffer, int length) {
    String text = new String(buffer, 0, Math.min(length, 600), StandardCharsets.ISO_8859_1);
    int end = text.indexOf('\r');
    return end < 0 ? "" : text.substring(0, end);
  }

  private static void closed(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is closed all the same.
    }
  }

  @Override
  public void close() {
    release();
    try {
      door.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cut();
    threads.shutdownNow();
  }
}
