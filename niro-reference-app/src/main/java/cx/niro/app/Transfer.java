package cx.niro.app;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a body as fast as its reader takes it, without a thread that waits for him; the
 * connection's idle timeout ends one who takes nothing at all.
 */
public final class Transfer implements WriteListener {
  private static final Logger log = LoggerFactory.getLogger(Transfer.class);
  private static final int PIECE = 16 * 1024;

  private final AsyncContext async;
  private final ServletOutputStream out;
  private final InputStream content;
  private final byte[] piece = new byte[PIECE];
  private final AtomicBoolean over = new AtomicBoolean();

  private Transfer(AsyncContext async, InputStream content) throws IOException {
    this.async = async;
    this.out = async.getResponse().getOutputStream();
    this.content = content;
  }

  /**
   * Begins to send and returns at once; the head must be set. Reads {@code content} on threads of
   * the container and closes it.
   */
  public static void send(
      HttpServletRequest request, HttpServletResponse response, InputStream content)
      throws IOException {
    AsyncContext async = request.startAsync(request, response);
    async.setTimeout(0);
    Transfer transfer = new Transfer(async, content);
    transfer.out.setWriteListener(transfer);
  }

  @Override
  public void onWritePossible() throws IOException {
    while (!over.get() && out.isReady()) {
      int n = content.read(piece);
      if (n < 0) {
        end();
        return;
      }
      out.write(piece, 0, n);
    }
  }

  @Override
  public void onError(Throwable cause) {
    log.debug("the reader has gone", cause);
    end();
  }

  private void end() {
    if (over.getAndSet(true)) {
      return;
    }
    try {
      content.close();
    } catch (IOException e) {
      log.warn("A file that was sent could not be closed", e);
    }
    async.complete();
  }
}
