package cx.niro.app.bench;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * HTTP/2 in clear text as far as it takes to send one request at a time (RFC 9113): headers without
 * a table (RFC 7541, 6.2.2), and of the answer's headers only a status that the static table has.
 */
final class Http2Line implements Line {
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RESET = 3;
  private static final int SETTINGS = 4;
  private static final int PING = 6;
  private static final int GOAWAY = 7;
  private static final int WINDOW = 8;
  private static final int END_STREAM = 1;
  private static final int ACK = 1;
  private static final int END_HEADERS = 4;
  private static final int INITIAL_WINDOW = 4;
  private static final int LARGEST_FRAME = 16_384;
  private static final int GIVEN_AT_ONCE = 1 << 30;
  private static final List<Integer> STATUS = List.of(200, 204, 206, 304, 400, 404, 500);

  private final String authority;
  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;
  private final ByteArrayOutputStream buffer = new ByteArrayOutputStream();
  private final DataOutputStream frames = new DataOutputStream(buffer);
  private int stream = -1;
  private long connectionWindow = 65_535;
  private long initialWindow = 65_535;
  private long streamWindow;
  private int status;
  private final ByteArrayOutputStream answer = new ByteArrayOutputStream();
  private boolean ended;

  Http2Line(URI server) throws IOException {
    this.authority = server.getHost() + ":" + server.getPort();
    this.socket = new Socket(server.getHost(), server.getPort());
    socket.setTcpNoDelay(true);
    socket.setSoLinger(true, 0);
    this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    this.out = new DataOutputStream(socket.getOutputStream());
    frames.write(PREFACE.getBytes(StandardCharsets.US_ASCII));
    frame(SETTINGS, 0, 0, new byte[0], 0, 0);
    frame(WINDOW, 0, 0, int32(GIVEN_AT_ONCE), 0, 4);
    flush();
    // Without the server's settings the first body might be sent in pieces.
    read();
  }

  @Override
  public Answer post(String path, String key, Beat.Body body) throws IOException {
    stream += 2;
    streamWindow = initialWindow;
    status = -1;
    answer.reset();
    ended = false;
    byte[] head = head(path, key, body);
    frame(HEADERS, END_HEADERS, stream, head, 0, head.length);
    int sent = 0;
    int length = body.bytes().length;
    while (sent < length) {
      long room = Math.min(Math.min(connectionWindow, streamWindow), LARGEST_FRAME);
      if (room <= 0) {
        flush();
        read();
        continue;
      }
      int piece = (int) Math.min(room, length - sent);
      frame(DATA, sent + piece == length ? END_STREAM : 0, stream, body.bytes(), sent, piece);
      sent += piece;
      connectionWindow -= piece;
      streamWindow -= piece;
    }
    flush();
    while (!ended) {
      read();
    }
    return new Answer(status, answer.toByteArray());
  }

  private byte[] head(String path, String key, Beat.Body body) {
    List<String> headers =
        new ArrayList<>(
            List.of(
                ":method",
                "POST",
                ":scheme",
                "http",
                ":path",
                path,
                ":authority",
                authority,
                "user-agent",
                "niro-bench",
                "accept",
                "application/json",
                "authorization",
                "Bearer " + key,
                "content-type",
                "application/json",
                "content-length",
                String.valueOf(body.bytes().length)));
    if (body.gzip()) {
      headers.addAll(List.of("content-encoding", "gzip"));
    }
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    for (int i = 0; i < headers.size(); i += 2) {
      head.write(0);
      text(headers.get(i), head);
      text(headers.get(i + 1), head);
    }
    return head.toByteArray();
  }

  private static void text(String text, ByteArrayOutputStream head) {
    head.write(text.length());
    head.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }

  private void read() throws IOException {
    int lengthAndType = in.readInt();
    int flags = in.readUnsignedByte();
    int on = in.readInt() & Integer.MAX_VALUE;
    byte[] payload = in.readNBytes(lengthAndType >>> 8);
    switch (lengthAndType & 0xff) {
      case SETTINGS -> settings(flags, payload);
      case PING -> ping(flags, payload);
      case WINDOW -> window(on, new DataInputStream(new java.io.ByteArrayInputStream(payload)));
      case GOAWAY, RESET -> throw new IOException("the server ended the stream");
      case HEADERS -> {
        status = status(payload);
        ended = (flags & END_STREAM) != 0;
      }
      case DATA -> {
        answer.writeBytes(payload);
        ended = (flags & END_STREAM) != 0;
      }
      default -> {
        // Extensions say nothing that matters here.
      }
    }
  }

  /** The first header, behind what may be said of the size of the table (RFC 7541, 6.3). */
  private static int status(byte[] block) {
    int at = 0;
    while ((block[at] & 0xe0) == 0x20) {
      boolean longer = (block[at++] & 0x1f) == 0x1f;
      while (longer) {
        longer = (block[at++] & 0x80) != 0;
      }
    }
    int code = (block[at] & 0x7f) - 8;
    return (block[at] & 0x80) != 0 && code >= 0 && code < STATUS.size() ? STATUS.get(code) : -1;
  }

  private void settings(int flags, byte[] payload) throws IOException {
    if ((flags & ACK) != 0) {
      return;
    }
    DataInputStream values = new DataInputStream(new java.io.ByteArrayInputStream(payload));
    for (int i = 0; i < payload.length; i += 6) {
      int name = values.readUnsignedShort();
      int value = values.readInt();
      if (name == INITIAL_WINDOW) {
        streamWindow += value - initialWindow;
        initialWindow = value;
      }
    }
    frame(SETTINGS, ACK, 0, new byte[0], 0, 0);
    flush();
  }

  private void ping(int flags, byte[] payload) throws IOException {
    if ((flags & ACK) == 0) {
      frame(PING, ACK, 0, payload, 0, payload.length);
      flush();
    }
  }

  private void window(int on, DataInputStream payload) throws IOException {
    if (on == 0) {
      connectionWindow += payload.readInt();
    } else if (on == stream) {
      streamWindow += payload.readInt();
    }
  }

  private void frame(int type, int flags, int on, byte[] payload, int from, int length)
      throws IOException {
    frames.writeInt(length << 8 | type);
    frames.writeByte(flags);
    frames.writeInt(on);
    frames.write(payload, from, length);
  }

  private void flush() throws IOException {
    buffer.writeTo(out);
    out.flush();
    buffer.reset();
  }

  private static byte[] int32(int value) {
    return java.nio.ByteBuffer.allocate(4).putInt(value).array();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
