package cx.niro.server.servlet;

import cx.niro.server.http.NiroHandler;
import cx.niro.server.http.NiroRequest;
import cx.niro.server.http.NiroResponse;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Mounts a {@link NiroHandler} in a servlet container. Register it with {@code asyncSupported} for
 * {@code /agent/*}, {@code /api/*}, {@code /install/*}, {@code /install.sh}, {@code /openapi.yaml},
 * {@code /healthz} and {@code /readyz}; every filter before it must support asynchronous requests
 * too.
 *
 * <p>The container's thread is given back at once. Bodies are read as they arrive, and responses
 * and streams are written as the client takes them, without blocking; a body that is not there
 * within {@link NiroHandler.Builder#bodyDeadline} is answered 408 and its connection closed. A
 * client that has gone ends its stream with the next write. Destroying the servlet does not close
 * the handler.
 */
public final class NiroServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  /**
   * After this time a request that nobody answered is answered 503, and a stream ends. It is longer
   * than any poll is parked and than a stream of changes lasts.
   */
  public static final Duration ASYNC_TIMEOUT = Duration.ofMinutes(15);

  private final transient NiroHandler handler;

  /** A servlet for this handler. */
  public NiroServlet(NiroHandler handler) {
    this.handler = handler;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    if (!request.isAsyncSupported()) {
      throw new ServletException(
          "register NiroServlet, and every filter before it, with asyncSupported");
    }
    NiroRequest head = headOf(request);
    @Nullable ServletBody body = ServletBody.follows(request) ? new ServletBody(request) : null;
    AsyncContext async = request.startAsync();
    async.setTimeout(ASYNC_TIMEOUT.toMillis());
    Exchange exchange = new Exchange(async, response);
    async.addListener(exchange);
    if (body == null) {
      handler.handle(head).thenAccept(exchange::answer);
      return;
    }
    boolean closable = request.getProtocol().startsWith("HTTP/1");
    handler
        .handle(head, body)
        .thenApply(answer -> closable && !body.isOver() ? closing(answer) : answer)
        .thenAccept(exchange::answer);
  }

  /** What is still to come of the body must not be taken for the next request. */
  private static NiroResponse closing(NiroResponse answer) {
    Map<String, String> headers = new LinkedHashMap<>(answer.headers());
    headers.put("connection", "close");
    return new NiroResponse(answer.status(), headers, answer.body());
  }

  private static NiroRequest headOf(HttpServletRequest request) {
    String pathInfo = request.getPathInfo();
    return new NiroRequest(
        request.getMethod(),
        request.getServletPath() + (pathInfo == null ? "" : pathInfo),
        NiroRequest.parseQuery(request.getQueryString()),
        headersOf(request),
        InputStream.nullInputStream(),
        request.getRemoteAddr());
  }

  private static Map<String, List<String>> headersOf(HttpServletRequest request) {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    for (String name : Collections.list(request.getHeaderNames())) {
      headers.put(name.toLowerCase(Locale.ROOT), Collections.list(request.getHeaders(name)));
    }
    return headers;
  }
}
