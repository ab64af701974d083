package cx.niro.server.servlet;

import cx.niro.server.http.NiroResponse;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request from its arrival to its end; whoever answers first answers. */
final class Exchange implements AsyncListener {
  private static final Logger LOG = LoggerFactory.getLogger(NiroServlet.class);

  /** Well under what Jetty keeps of an answer before it writes, a quarter of 32 kB. */
  private static final int SMALL = 4096;

  private final AsyncContext async;
  private final HttpServletResponse response;
  private final AtomicBoolean answered = new AtomicBoolean();
  private final AtomicReference<@Nullable PieceWriter> writer = new AtomicReference<>();

  Exchange(AsyncContext async, HttpServletResponse response) {
    this.async = async;
    this.response = response;
  }

  /** Writes the head and begins to write the body; called from any thread. */
  void answer(NiroResponse answer) {
    if (!answered.compareAndSet(false, true)) {
      abandon(answer);
      return;
    }
    try {
      response.setStatus(answer.status());
      answer.headers().forEach(response::setHeader);
      if (answer.body() instanceof NiroResponse.Body.Bytes whole) {
        write(whole.bytes(), answer);
      } else if (answer.body() instanceof NiroResponse.Body.Stream stream) {
        PieceWriter pieces = begin(true);
        stream.writer().start(pieces);
      }
    } catch (IOException | RuntimeException e) {
      LOG.debug("the response could not be begun", e);
      end();
    }
  }

  /**
   * A small answer is left in the container's buffer, whose rest is written with the end of the
   * request and without blocking; so it declares no length here, which the container does itself.
   */
  private void write(byte[] bytes, NiroResponse answer) throws IOException {
    if (bytes.length > 0 && bytes.length <= SMALL && bytes.length <= response.getBufferSize()) {
      response.getOutputStream().write(bytes);
      async.complete();
      return;
    }
    if (bytes.length > 0 || !answer.headers().containsKey("content-length")) {
      response.setContentLengthLong(bytes.length);
    }
    if (bytes.length == 0) {
      async.complete();
      return;
    }
    PieceWriter pieces = begin(false);
    pieces.write(bytes);
    pieces.close();
  }

  private PieceWriter begin(boolean streaming) throws IOException {
    PieceWriter pieces = new PieceWriter(async, response.getOutputStream(), streaming);
    writer.set(pieces);
    pieces.begin();
    return pieces;
  }

  /** The client has gone or the time is up: a stream still learns that it ended. */
  private static void abandon(NiroResponse answer) {
    if (answer.body() instanceof NiroResponse.Body.Stream stream) {
      stream.writer().start(new EndedSink());
    }
  }

  @Override
  public void onTimeout(AsyncEvent event) {
    PieceWriter pieces = writer.get();
    if (pieces != null) {
      pieces.close();
    } else if (answered.compareAndSet(false, true)) {
      response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
      response.setContentLength(0);
      async.complete();
    }
  }

  @Override
  public void onError(AsyncEvent event) {
    answered.set(true);
    end();
  }

  @Override
  public void onComplete(AsyncEvent event) {
    answered.set(true);
    PieceWriter pieces = writer.get();
    if (pieces != null) {
      pieces.ended();
    }
  }

  @Override
  public void onStartAsync(AsyncEvent event) {
    event.getAsyncContext().addListener(this);
  }

  private void end() {
    PieceWriter pieces = writer.get();
    if (pieces != null) {
      pieces.end();
      return;
    }
    try {
      async.complete();
    } catch (IllegalStateException e) {
      LOG.debug("the container had ended the request already", e);
    }
  }

  /** What a stream gets when nobody is there to read it. */
  private static final class EndedSink implements NiroResponse.Sink {
    @Override
    public boolean write(byte[] piece) {
      return false;
    }

    @Override
    public void close() {}

    @Override
    public void onClose(Runnable action) {
      action.run();
    }
  }
}
