package cx.niro.server.servlet;

import cx.niro.server.http.BodySource;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads a body when the container says that some of it is there, and holds no thread between. */
final class ServletBody implements BodySource, ReadListener {
  private static final int PIECE = 4096;

  private final HttpServletRequest request;
  private volatile @Nullable Reading reading;
  private volatile boolean over;

  private record Reading(ServletInputStream in, Receiver receiver) {}

  ServletBody(HttpServletRequest request) {
    this.request = request;
  }

  /** Whether a body may follow. In HTTP/2 only its end says that there is none. */
  static boolean follows(HttpServletRequest request) {
    long length = request.getContentLengthLong();
    if (length >= 0) {
      return length > 0;
    }
    return request.getProtocol().startsWith("HTTP/1")
        ? request.getHeader("transfer-encoding") != null
        : !request.getMethod().equals("GET") && !request.getMethod().equals("HEAD");
  }

  /** Whether all of it was read, so that the connection can take the next request. */
  boolean isOver() {
    return over;
  }

  /** Asks for the stream no earlier, for that tells a client that waits for 100 to go on. */
  @Override
  public void readInto(Receiver receiver) {
    ServletInputStream in;
    try {
      in = request.getInputStream();
    } catch (IOException e) {
      receiver.fail(e);
      return;
    }
    reading = new Reading(in, receiver);
    if (in.isFinished()) {
      onAllDataRead();
    } else {
      in.setReadListener(this);
    }
  }

  @Override
  public void onDataAvailable() throws IOException {
    Reading now = reading();
    byte[] piece = new byte[PIECE];
    while (now.in().isReady()) {
      int n = now.in().read(piece);
      if (n < 0 || !now.receiver().take(piece, 0, n)) {
        return;
      }
    }
  }

  @Override
  public void onAllDataRead() {
    over = true;
    reading().receiver().end();
  }

  @Override
  public void onError(Throwable cause) {
    reading().receiver().fail(cause);
  }

  private Reading reading() {
    return Objects.requireNonNull(reading);
  }
}
