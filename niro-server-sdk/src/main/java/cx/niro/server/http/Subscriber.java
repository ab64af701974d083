package cx.niro.server.http;

import cx.niro.core.OrganizationId;
import cx.niro.core.protocol.NiroCodec;
import cx.niro.server.internal.rest.ChangeJson;
import cx.niro.server.spi.AccessControl.Caller;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.LongAdder;

/**
 * One open stream of changes. Its lock puts the writes of many threads in order; a sink never
 * blocks, so it is held for a moment only.
 */
final class Subscriber {
  /** Quiet seconds after which a comment shows both sides that the connection lives. */
  private static final int COMMENT_SECONDS = 15;

  /**
   * A stream ends after ten minutes and the client opens another, so that whoever lost a permission
   * is asked for it again.
   */
  private static final int MAX_SECONDS = 600;

  private static final byte[] COMMENT = bytes(":\n\n");
  private static final byte[] HELLO = bytes("retry: 2000\n\n");

  private final Access access;
  private final NiroResponse.Sink sink;
  private final NiroCodec codec;
  private final LongAdder totalMissed;
  private int missed;
  private int age;

  Subscriber(Access access, NiroResponse.Sink sink, NiroCodec codec, LongAdder totalMissed) {
    this.access = access;
    this.sink = sink;
    this.codec = codec;
    this.totalMissed = totalMissed;
  }

  static byte[] piece(String event, byte[] json) {
    return bytes(
        "event: " + event + "\ndata: " + new String(json, StandardCharsets.UTF_8) + "\n\n");
  }

  Caller caller() {
    return access.caller();
  }

  boolean sees(OrganizationId organization) {
    return access.organizations().contains(organization);
  }

  /** Sends the head at once, so that a client knows that it is connected. */
  synchronized void hello() {
    sink.write(HELLO);
  }

  synchronized void send(byte[] piece) {
    if (!tellMissed() || !sink.write(piece)) {
      missed++;
      totalMissed.increment();
    }
  }

  synchronized void tick() {
    age++;
    if (age >= MAX_SECONDS) {
      sink.close();
    } else if (age % COMMENT_SECONDS == 0 && tellMissed()) {
      sink.write(COMMENT);
    }
  }

  void close() {
    sink.close();
  }

  private boolean tellMissed() {
    if (missed == 0) {
      return true;
    }
    if (!sink.write(piece("missed", codec.encode(new ChangeJson(null, null, missed))))) {
      return false;
    }
    missed = 0;
    return true;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
