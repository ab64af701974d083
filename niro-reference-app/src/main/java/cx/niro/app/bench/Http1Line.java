package cx.niro.app.bench;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** HTTP/1.1 with keep-alive; knows only answers that say their length. */
final class Http1Line implements Line {
  private static final int PATIENCE_MILLIS = 60_000;
  private static final int STATUS_AT = 9;

  private final String host;
  private final Socket socket;
  private final InputStream in;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  Http1Line(URI server) throws IOException {
    this.host = server.getHost() + ":" + server.getPort();
    this.socket = new Socket(server.getHost(), server.getPort());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MILLIS);
    // Connections that this side ends would block their ports for a minute.
    socket.setSoLinger(true, 0);
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  @Override
  public Answer post(String path, String key, Beat.Body body) throws IOException {
    send(path, key, body);
    return answer();
  }

  /** The first half of {@link #post}. */
  void send(String path, String key, Beat.Body body) throws IOException {
    out.reset();
    out.writeBytes(
        ("POST "
                + path
                + " HTTP/1.1\r\nHost: "
                + host
                + "\r\nUser-Agent: niro-bench\r\nAccept: application/json\r\nAuthorization: Bearer "
                + key
                + "\r\nContent-Type: application/json\r\n"
                + (body.gzip() ? "Content-Encoding: gzip\r\n" : "")
                + "Content-Length: "
                + body.bytes().length
                + "\r\n\r\n")
            .getBytes(StandardCharsets.ISO_8859_1));
    out.writeBytes(body.bytes());
    socket.getOutputStream().write(out.toByteArray());
  }

  /** The second half of {@link #post}. */
  Answer answer() throws IOException {
    String first = line();
    int length = 0;
    for (String header = line(); !header.isEmpty(); header = line()) {
      String lower = header.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Integer.parseInt(lower.substring("content-length:".length()).strip());
      }
    }
    byte[] body = in.readNBytes(length);
    return new Answer(Integer.parseInt(first.substring(STATUS_AT, STATUS_AT + 3)), body);
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder(80);
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the server closed the connection");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
