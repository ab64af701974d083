package cx.niro.app.bench;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Stands between one client and a server, hands on HTTP/2 without TLS frame by frame, and shows
 * every frame to a listener.
 */
final class Http2Relay implements Closeable {
  private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes();

  /** Told on the relay's threads, one frame at a time; {@code bytes} counts head and payload. */
  interface Listener {
    void frame(boolean request, int type, int stream, byte[] payload, int bytes);
  }

  private final ServerSocket door;
  private final int server;
  private final Listener listener;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  Http2Relay(int server, Listener listener) throws IOException {
    this.door = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    this.server = server;
    this.listener = listener;
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
        threads.execute(() -> pass(client, there, true));
        threads.execute(() -> pass(there, client, false));
      }
    } catch (SocketException closed) {
      // The door was closed.
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void pass(Socket from, Socket to, boolean request) {
    try (from;
        to;
        DataInputStream in = new DataInputStream(from.getInputStream());
        DataOutputStream out = new DataOutputStream(to.getOutputStream())) {
      if (request) {
        out.write(in.readNBytes(PREFACE.length));
      }
      while (true) {
        byte[] head = new byte[9];
        in.readFully(head);
        byte[] payload = new byte[int24(head)];
        in.readFully(payload);
        synchronized (listener) {
          listener.frame(request, head[3], stream(head), payload, head.length + payload.length);
        }
        out.write(head);
        out.write(payload);
        out.flush();
      }
    } catch (EOFException | SocketException ended) {
      // One side is gone; the other follows.
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int int24(byte[] head) {
    return (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | (head[2] & 0xff);
  }

  private static int stream(byte[] head) {
    return (head[5] & 0x7f) << 24
        | (head[6] & 0xff) << 16
        | (head[7] & 0xff) << 8
        | (head[8] & 0xff);
  }

  @Override
  public void close() throws IOException {
    door.close();
    threads.shutdownNow();
  }
}
