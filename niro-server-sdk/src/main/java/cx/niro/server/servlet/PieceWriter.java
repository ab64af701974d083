package cx.niro.server.servlet;

import cx.niro.server.http.NiroResponse;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes pieces without ever blocking. Whoever has something to do counts {@link #work} up; the one
 * who finds it at zero does it for all, so that the output stream is used by one thread at a time.
 * The lock guards the queue and is never held during a call to the container or to anybody else.
 */
final class PieceWriter implements WriteListener, NiroResponse.Sink {
  /** Bytes that may wait for a slow reader; a single longer piece is taken when none wait. */
  private static final int MAX_WAITING_BYTES = 256 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(NiroServlet.class);

  private final AsyncContext async;
  private final ServletOutputStream out;
  private final boolean streaming;
  private final AtomicInteger work = new AtomicInteger();
  private final Object lock = new Object();
  private final Queue<byte[]> waiting = new ArrayDeque<>();
  private final List<Runnable> onClose = new ArrayList<>();
  private long waitingBytes;
  private boolean closing;
  private boolean over;
  private volatile boolean possible;
  private boolean unflushed;

  PieceWriter(AsyncContext async, ServletOutputStream out, boolean streaming) {
    this.async = async;
    this.out = out;
    this.streaming = streaming;
  }

  void begin() {
    out.setWriteListener(this);
  }

  @Override
  public boolean write(byte[] piece) {
    synchronized (lock) {
      if (closing || over) {
        return false;
      }
      if (waitingBytes > 0 && waitingBytes + piece.length > MAX_WAITING_BYTES) {
        return false;
      }
      waiting.add(piece);
      waitingBytes += piece.length;
    }
    workOff();
    return true;
  }

  @Override
  public void close() {
    synchronized (lock) {
      closing = true;
    }
    workOff();
  }

  @Override
  public void onClose(Runnable action) {
    synchronized (lock) {
      if (!over) {
        onClose.add(action);
        return;
      }
    }
    action.run();
  }

  @Override
  public void onWritePossible() {
    possible = true;
    workOff();
  }

  @Override
  public void onError(Throwable cause) {
    LOG.debug("the client has gone", cause);
    end();
  }

  private void workOff() {
    int taken = 1;
    if (work.getAndIncrement() != 0) {
      return;
    }
    while (taken != 0) {
      pump();
      taken = work.addAndGet(-taken);
    }
  }

  private void pump() {
    try {
      while (possible && !isOver() && out.isReady()) {
        if (!step()) {
          return;
        }
      }
    } catch (IOException | RuntimeException e) {
      LOG.debug("the client has gone", e);
      end();
    }
  }

  /** Does one thing on a stream that is ready; false when there is nothing to do. */
  private boolean step() throws IOException {
    byte[] piece;
    boolean last;
    synchronized (lock) {
      piece = waiting.poll();
      waitingBytes -= piece == null ? 0 : piece.length;
      last = piece == null && closing; // at once: a piece may come before the end is asked for
    }
    if (piece != null) {
      out.write(piece);
      unflushed = true;
      return true;
    }
    if (last) {
      end();
      return false;
    }
    boolean flush = streaming && unflushed;
    if (flush) {
      unflushed = false;
      out.flush();
    }
    return flush;
  }

  private boolean isOver() {
    synchronized (lock) {
      return over;
    }
  }

  /** Ends the response, whether all was written or the client has gone. */
  void end() {
    if (ended()) {
      try {
        async.complete();
      } catch (IllegalStateException e) {
        LOG.debug("the container had ended the request already", e);
      }
    }
  }

  /** Tells whoever asked that the response is over; true for the first call. */
  boolean ended() {
    List<Runnable> actions;
    synchronized (lock) {
      if (over) {
        return false;
      }
      over = true;
      waiting.clear();
      actions = List.copyOf(onClose);
    }
    actions.forEach(Runnable::run);
    return true;
  }
}
