package cx.niro.app.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One HTTP/2 connection of one or of many clusters; on the thread of its {@link LoadFleet}. */
final class LoadConnection {
  /** Told what comes back. */
  interface Answers {
    void answered(Sent sent, boolean ok, byte[] body);

    void broken(LoadConnection connection, List<Sent> open, String why);
  }

  /** A request under way. */
  static final class Sent {
    final LoadCluster cluster;
    final boolean beat;
    final long dueNanos;
    final long nanos = System.nanoTime();
    private boolean ok;
    private byte[] body = {};

    Sent(LoadCluster cluster, boolean beat, long dueNanos) {
      this.cluster = cluster;
      this.beat = beat;
      this.dueNanos = dueNanos;
    }
  }

  private final Answers answers;
  private final SocketChannel channel;
  private final SelectionKey key;
  private final String authority;
  private final boolean shared;
  private final Map<Integer, Sent> open = new HashMap<>();
  private ByteBuffer unsent = ByteBuffer.allocate(0);
  private ByteBuffer partial = ByteBuffer.allocate(0);
  private int nextStream = 1;
  private long window = 65_535;
  private int taken;
  private boolean closed;

  LoadConnection(Selector selector, InetSocketAddress server, boolean shared, Answers answers)
      throws IOException {
    this.answers = answers;
    this.shared = shared;
    this.authority = "127.0.0.1:" + server.getPort();
    channel = SocketChannel.open();
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    key = channel.register(selector, SelectionKey.OP_CONNECT, this);
    channel.connect(server);
    ByteBuffer out = ByteBuffer.allocate(128);
    LoadWire.begin(out);
    unsent = out.flip();
  }

  boolean isClosed() {
    return closed;
  }

  /** Bytes of a body are sent at once: the server's windows are larger than any of them. */
  void send(Sent sent, String path, boolean gzip, byte[] body, ByteBuffer scratch) {
    int stream = nextStream;
    nextStream += 2;
    open.put(stream, sent);
    scratch.clear();
    LoadWire.Head head = new LoadWire.Head(authority, path, sent.cluster.key, stream == 1, shared);
    LoadWire.request(scratch, head, stream, gzip, body.length);
    int at = 0;
    do {
      int piece = Math.min(LoadWire.LONGEST_FRAME, body.length - at);
      int end = at + piece == body.length ? LoadWire.END_STREAM : 0;
      LoadWire.frame(scratch, piece, LoadWire.DATA, end, stream);
      scratch.put(body, at, piece);
      at += piece;
    } while (at < body.length);
    window -= body.length;
    write(scratch.flip());
  }

  boolean hasRoom(int bytes) {
    return window >= bytes;
  }

  private void write(ByteBuffer bytes) {
    if (closed) {
      return;
    }
    try {
      if (!unsent.hasRemaining() && channel.isConnected()) {
        channel.write(bytes);
      }
      if (bytes.hasRemaining()) {
        ByteBuffer all = ByteBuffer.allocate(unsent.remaining() + bytes.remaining());
        unsent = all.put(unsent).put(bytes).flip();
        key.interestOpsOr(channel.isConnected() ? SelectionKey.OP_WRITE : 0);
      }
    } catch (IOException e) {
      breakOff(e.toString());
    }
  }

  /** The selector has something for it. */
  void act(ByteBuffer scratch) {
    try {
      if (key.isConnectable() && channel.finishConnect()) {
        key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
      }
      if (key.isWritable()) {
        channel.write(unsent);
        if (!unsent.hasRemaining()) {
          key.interestOps(SelectionKey.OP_READ);
        }
      }
      if (key.isReadable()) {
        read(scratch);
      }
    } catch (IOException e) {
      breakOff(e.toString());
    }
  }

  private void read(ByteBuffer scratch) throws IOException {
    scratch.clear();
    scratch.put(partial);
    if (channel.read(scratch) < 0) {
      breakOff("the server closed the connection");
      return;
    }
    scratch.flip();
    while (!closed && takeFrame(scratch)) {
      // the next one
    }
    partial = ByteBuffer.allocate(scratch.remaining()).put(scratch).flip();
    if (taken > LoadWire.OUR_WINDOW / 2) {
      scratch.clear();
      LoadWire.windowUpdate(scratch, taken);
      taken = 0;
      write(scratch.flip());
    }
  }

  private boolean takeFrame(ByteBuffer in) {
    if (in.remaining() < LoadWire.HEAD) {
      return false;
    }
    int at = in.position();
    int length = (in.get(at) & 0xff) << 16 | (in.getShort(at + 1) & 0xffff);
    if (in.remaining() < LoadWire.HEAD + length) {
      return false;
    }
    ByteBuffer payload = in.slice(at + LoadWire.HEAD, length);
    in.position(at + LoadWire.HEAD + length);
    take(in.get(at + 3), in.get(at + 4), in.getInt(at + 5) & 0x7fffffff, payload);
    return true;
  }

  private void take(int type, int flags, int stream, ByteBuffer payload) {
    switch (type) {
      case LoadWire.HEADERS, LoadWire.DATA -> answer(type, flags, stream, payload);
      case LoadWire.WINDOW_UPDATE -> window += stream == 0 ? payload.getInt(0) : 0;
      case LoadWire.SETTINGS, LoadWire.PING -> acknowledge(type, flags, payload);
      case LoadWire.RST_STREAM -> reset(stream);
      case LoadWire.GOAWAY -> breakOff("the server said goodbye");
      default -> {
        // Priorities and what newer versions have.
      }
    }
  }

  /** What was answered before its end may be reset afterwards, and that is no trouble. */
  private void reset(int stream) {
    Sent sent = open.remove(stream);
    if (sent != null) {
      answers.answered(sent, false, new byte[0]);
    }
  }

  private void acknowledge(int type, int flags, ByteBuffer payload) {
    if ((flags & LoadWire.ACK) == 0) {
      int length = type == LoadWire.PING ? payload.remaining() : 0;
      ByteBuffer out = ByteBuffer.allocate(LoadWire.HEAD + length);
      LoadWire.frame(out, length, type, LoadWire.ACK, 0);
      write(out.put(payload.slice(0, length)).flip());
    }
  }

  private void answer(int type, int flags, int stream, ByteBuffer payload) {
    Sent sent = open.get(stream);
    if (sent == null) {
      return;
    }
    if (type == LoadWire.HEADERS) {
      sent.ok = LoadWire.isOk(payload);
    } else {
      taken += payload.remaining();
      sent.body = joined(sent.body, payload);
    }
    if ((flags & LoadWire.END_STREAM) != 0) {
      open.remove(stream);
      answers.answered(sent, sent.ok, sent.body);
    }
  }

  private static byte[] joined(byte[] first, ByteBuffer second) {
    ByteBuffer both = ByteBuffer.allocate(first.length + second.remaining());
    return both.put(first).put(second).array();
  }

  private void breakOff(String why) {
    if (closed) {
      return;
    }
    close();
    List<Sent> lost = new ArrayList<>(open.values());
    open.clear();
    answers.broken(this, lost, why);
  }

  void close() {
    closed = true;
    key.cancel();
    try {
      channel.close();
    } catch (IOException e) {
      // It is gone in any case.
    }
  }
}
