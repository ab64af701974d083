package cx.niro.server.servlet;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client of HTTP/1.1 that sends its body byte by byte, on a plain socket. */
public final class Dripping implements AutoCloseable {
  private final Socket socket;

  private Dripping(Socket socket) {
    this.socket = socket;
  }

  /** Sends a head that promises 1,000 bytes, and the first of them. */
  static Dripping post(int port, String path, String bearer) throws IOException {
    return send(port, "POST", path, bearer);
  }

  /** The same with any method. */
  public static Dripping send(int port, String method, String path, String bearer)
      throws IOException {
    String key = bearer.isEmpty() ? "" : "Authorization: Bearer " + bearer + "\r\n";
    return raw(
        port,
        method
            + " "
            + path
            + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + key
            + "Content-Length: 1000\r\n\r\n{");
  }

  /** Sends these first bytes. */
  static Dripping raw(int port, String first) throws IOException {
    Socket socket = new Socket("127.0.0.1", port);
    socket.setSoTimeout(10_000);
    Dripping client = new Dripping(socket);
    client.send(first);
    return client;
  }

  void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** All that the server says until it closes the connection. */
  public String answer() throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
