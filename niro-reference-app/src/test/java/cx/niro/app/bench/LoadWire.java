package cx.niro.app.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The bytes of HTTP/2 (RFC 9113) and HPACK (RFC 7541) that a load generator needs: frames, and
 * request heads whose constant fields stand in the server's table after the first.
 */
final class LoadWire {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int END_STREAM = 1;
  static final int ACK = 1;
  static final int HEAD = 9;
  static final int LONGEST_FRAME = 16_384;
  static final int OUR_WINDOW = 1 << 20;

  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final int END_HEADERS = 4;

  // Indexes of RFC 7541, appendix A.
  private static final int POST = 0x83;
  private static final int SCHEME_HTTP = 0x86;
  private static final int STATUS_200 = 0x88;
  private static final int AUTHORITY = 1;
  private static final int PATH = 4;
  private static final int ACCEPT_ENCODING = 16;
  private static final int ACCEPT = 19;
  private static final int AUTHORIZATION = 23;
  private static final int CONTENT_ENCODING = 26;
  private static final int CONTENT_LENGTH = 28;
  private static final int CONTENT_TYPE = 31;
  private static final int USER_AGENT = 58;
  private static final int FIRST_OF_TABLE = 62;

  private LoadWire() {}

  /** What a client begins with. */
  static void begin(ByteBuffer out) {
    out.put(PREFACE);
    frame(out, 12, SETTINGS, 0, 0);
    out.putShort((short) 2).putInt(0); // no push
    out.putShort((short) 4).putInt(OUR_WINDOW);
    windowUpdate(out, OUR_WINDOW);
  }

  static void frame(ByteBuffer out, int length, int type, int flags, int stream) {
    out.put((byte) (length >> 16)).putShort((short) length);
    out.put((byte) type).put((byte) flags).putInt(stream);
  }

  static void windowUpdate(ByteBuffer out, int bytes) {
    frame(out, 4, WINDOW_UPDATE, 0, 0);
    out.putInt(bytes);
  }

  /**
   * The head of a POST.
   *
   * @param first whether it is the connection's first, which fills the server's table
   * @param sharedBy whether others with other keys use the connection, so that a key is no constant
   */
  record Head(String authority, String path, String bearer, boolean first, boolean sharedBy) {}

  static void request(ByteBuffer out, Head head, int stream, boolean gzip, int bodyBytes) {
    int start = out.position();
    frame(out, 0, HEADERS, END_HEADERS, stream);
    out.put((byte) POST).put((byte) SCHEME_HTTP);
    literal(out, 0x00, 4, PATH, head.path());
    int constants = head.sharedBy() ? 5 : 6;
    constant(out, head, FIRST_OF_TABLE + constants - 1, AUTHORITY, head.authority());
    constant(out, head, FIRST_OF_TABLE + constants - 2, USER_AGENT, "niro-agent/0.1.0");
    constant(out, head, FIRST_OF_TABLE + constants - 3, ACCEPT, "application/json");
    constant(out, head, FIRST_OF_TABLE + constants - 4, CONTENT_TYPE, "application/json");
    constant(out, head, FIRST_OF_TABLE + constants - 5, ACCEPT_ENCODING, "gzip");
    if (head.sharedBy()) {
      literal(out, 0x10, 4, AUTHORIZATION, "Bearer " + head.bearer());
    } else {
      constant(out, head, FIRST_OF_TABLE, AUTHORIZATION, "Bearer " + head.bearer());
    }
    if (gzip) {
      literal(out, 0x00, 4, CONTENT_ENCODING, "gzip");
    }
    literal(out, 0x00, 4, CONTENT_LENGTH, Integer.toString(bodyBytes));
    int length = out.position() - start - HEAD;
    out.put(start, (byte) (length >> 16)).putShort(start + 1, (short) length);
  }

  private static void constant(ByteBuffer out, Head head, int place, int name, String value) {
    if (head.first()) {
      literal(out, 0x40, 6, name, value);
    } else {
      out.put((byte) (0x80 | place));
    }
  }

  private static void literal(ByteBuffer out, int kind, int prefix, int name, String value) {
    integer(out, kind, prefix, name);
    integer(out, 0, 7, value.length());
    for (int i = 0; i < value.length(); i++) {
      out.put((byte) value.charAt(i));
    }
  }

  private static void integer(ByteBuffer out, int kind, int prefix, int value) {
    int most = (1 << prefix) - 1;
    if (value < most) {
      out.put((byte) (kind | value));
      return;
    }
    out.put((byte) (kind | most));
    int rest = value - most;
    while (rest >= 0x80) {
      out.put((byte) (rest | 0x80));
      rest >>= 7;
    }
    out.put((byte) rest);
  }

  /** Whether a block of header fields says 200; it is the first field there always. */
  static boolean isOk(ByteBuffer block) {
    int at = block.position();
    while (at < block.limit() && (block.get(at) & 0xe0) == 0x20) {
      at++; // a change of the table's size, which may take several bytes
      boolean goesOn = (block.get(at - 1) & 0x1f) == 0x1f;
      while (goesOn) {
        goesOn = (block.get(at++) & 0x80) != 0;
      }
    }
    return at < block.limit() && (block.get(at) & 0xff) == STATUS_200;
  }
}
