package cx.niro.app.access;

import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.NiroException;
import cx.niro.core.RetryLaterException;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a body of a few bytes as it arrives, so that a client that drips holds no thread. Whoever
 * comes first ends it: the last byte, one too many, or the deadline.
 */
final class SmallBody implements ReadListener, AsyncListener {
  private static final Logger log = LoggerFactory.getLogger(LoginServlet.class);
  private static final String ATTRIBUTE = SmallBody.class.getName();
  private static final byte[] NOTHING = new byte[0];
  private static final int PIECE = 512;
  static final int LIMIT = 8192;
  static final Duration DEADLINE = Duration.ofSeconds(10);

  /** Answers a request whose body is there, on a thread of the container; may block. */
  interface Service {
    void serve(HttpServletRequest request, HttpServletResponse response) throws IOException;
  }

  private interface Answer {
    void write() throws IOException;
  }

  private final AsyncContext async;
  private final ServletInputStream in;
  private final HttpServletRequest request;
  private final HttpServletResponse response;
  private final Service service;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private final AtomicBoolean over = new AtomicBoolean();

  private SmallBody(AsyncContext async, Service service) throws IOException {
    this.async = async;
    this.request = (HttpServletRequest) async.getRequest();
    this.response = (HttpServletResponse) async.getResponse();
    this.in = request.getInputStream();
    this.service = service;
  }

  /** Serves the request when its body is there; at once when it has none. */
  static void collect(
      HttpServletRequest request, HttpServletResponse response, Duration deadline, Service service)
      throws IOException {
    boolean chunked = request.getHeader("transfer-encoding") != null;
    boolean http2 =
        !request.getProtocol().startsWith("HTTP/1") && !request.getMethod().equals("GET");
    long length = request.getContentLengthLong();
    if (length == 0 || (length < 0 && !chunked && !http2)) {
      service.serve(request, response);
      return;
    }
    AsyncContext async = request.startAsync(request, response);
    async.setTimeout(deadline.toMillis());
    SmallBody reading = new SmallBody(async, service);
    async.addListener(reading);
    reading.in.setReadListener(reading);
  }

  /** What was collected. */
  static byte[] of(HttpServletRequest request) {
    return request.getAttribute(ATTRIBUTE) instanceof byte[] body ? body : NOTHING;
  }

  @Override
  public void onDataAvailable() throws IOException {
    byte[] piece = new byte[PIECE];
    while (!over.get() && in.isReady()) {
      int n = in.read(piece);
      if (n < 0) {
        return;
      }
      body.write(piece, 0, n);
      if (body.size() > LIMIT) {
        refuse(
            new InvalidRequestException(
                ErrorCode.BODY_TOO_LARGE, "the body must have at most " + LIMIT + " bytes"));
      }
    }
  }

  @Override
  public void onAllDataRead() {
    request.setAttribute(ATTRIBUTE, body.toByteArray());
    end(() -> service.serve(request, response));
  }

  @Override
  public void onTimeout(AsyncEvent event) {
    refuse(new RetryLaterException(ErrorCode.BODY_TIMEOUT, "the body was not there in time"));
  }

  /** The client has gone. */
  @Override
  public void onError(Throwable cause) {
    end(() -> log.debug("a login was not sent to its end", cause));
  }

  @Override
  public void onError(AsyncEvent event) {
    end(() -> log.debug("a login was not answered", event.getThrowable()));
  }

  @Override
  public void onStartAsync(AsyncEvent event) {}

  @Override
  public void onComplete(AsyncEvent event) {
    over.set(true);
  }

  private void refuse(NiroException why) {
    end(() -> Replies.refuse(why, response));
  }

  private void end(Answer answer) {
    if (over.getAndSet(true)) {
      return;
    }
    try {
      answer.write();
    } catch (IOException e) {
      log.debug("the client has gone", e);
    } catch (RuntimeException e) {
      log.error("{} failed", AccessCall.shown(request), e);
      response.setStatus(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
    } finally {
      complete();
    }
  }

  private void complete() {
    try {
      async.complete();
    } catch (IllegalStateException e) {
      log.debug("the container had ended the request already", e);
    }
  }
}
