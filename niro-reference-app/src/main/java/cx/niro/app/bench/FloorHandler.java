package cx.niro.app.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Reads each body to its end and answers as many bytes as a beat is answered. Below {@code /park/}
 * the answer waits until the same is asked for below {@code /release/}.
 */
final class FloorHandler extends Handler.Abstract.NonBlocking {
  static final String EMPTY = "/empty";
  static final String PARK = "/park/";
  static final String RELEASE = "/release/";

  private static final byte[] ANSWER =
      ("{\"settings\":{\"heartbeatIntervalMillis\":15000,\"pollSeconds\":30,\"pollSlots\":4},"
              + "\"confirmedRevision\":1,\"serverTime\":1767600000000}")
          .getBytes(StandardCharsets.UTF_8);

  private final Map<String, Runnable> parked = new ConcurrentHashMap<>();

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    read(request, response, callback);
    return true;
  }

  private void read(Request request, Response response, Callback callback) {
    while (true) {
      Content.Chunk chunk = request.read();
      if (chunk == null) {
        request.demand(() -> read(request, response, callback));
        return;
      }
      if (Content.Chunk.isFailure(chunk)) {
        callback.failed(chunk.getFailure());
        return;
      }
      boolean last = chunk.isLast();
      chunk.release();
      if (last) {
        answer(Request.getPathInContext(request), response, callback);
        return;
      }
    }
  }

  private void answer(String path, Response response, Callback callback) {
    if (path.startsWith(PARK)) {
      Runnable older = parked.put(path.substring(PARK.length()), () -> write(response, callback));
      if (older != null) {
        older.run();
      }
      return;
    }
    if (path.startsWith(RELEASE)) {
      Runnable waiting = parked.remove(path.substring(RELEASE.length()));
      if (waiting != null) {
        waiting.run();
      }
    }
    write(response, callback);
  }

  /** Answers whatever is parked. */
  void releaseAll() {
    parked.values().forEach(Runnable::run);
    parked.clear();
  }

  private static void write(Response response, Callback callback) {
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, ANSWER.length);
    response.write(true, ByteBuffer.wrap(ANSWER), callback);
  }
}
