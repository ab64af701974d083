package cx.niro.server.http;

import java.util.Map;

/**
 * A response for any web stack to write.
 *
 * @param headers by lower-case name
 */
public record NiroResponse(int status, Map<String, String> headers, Body body) {

  /** What to send: bytes at once, or a stream that goes on until one side ends it. */
  public sealed interface Body {
    /** All of it. */
    record Bytes(@SuppressWarnings("ArrayRecordComponent") byte[] bytes) implements Body {}

    /** Handed a sink once the head of the response is sent. */
    record Stream(StreamBody writer) implements Body {}
  }

  /** Writes a response piece by piece. */
  @FunctionalInterface
  public interface StreamBody {
    /**
     * Called once, on the web stack's thread; returns at once and writes later, from any one thread
     * at a time.
     */
    void start(Sink sink);
  }

  /** Where a stream goes; bounded, so that a slow reader never stalls the writer. */
  public interface Sink {
    /** Queues a piece. False when the reader is too slow and the piece was not taken. */
    boolean write(byte[] piece);

    /** Ends the response; more calls do nothing. */
    void close();

    /** Runs {@code action} once when the response ends, whichever side ended it. */
    void onClose(Runnable action);
  }
}
