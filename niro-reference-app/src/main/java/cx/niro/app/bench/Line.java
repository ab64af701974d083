package cx.niro.app.bench;

import java.io.Closeable;
import java.io.IOException;
import java.net.URI;

/** One connection with one request at a time, as thin as it can be. For one thread. */
interface Line extends Closeable {
  /**
   * What came back.
   *
   * @param status -1 when it is not one of the usual ones
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Answer(int status, byte[] body) {}

  /** Sends a body and waits for the answer. */
  Answer post(String path, String key, Beat.Body body) throws IOException;

  /** Opens one; HTTP/2 is with prior knowledge. */
  static Line open(URI server, int http) throws IOException {
    return http == 2 ? new Http2Line(server) : new Http1Line(server);
  }
}
