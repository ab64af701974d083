package cx.niro.server.servlet;

import cx.niro.server.http.NiroHandler;
import cx.niro.server.http.NiroRequest;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Mounts a {@link NiroHandler} in a servlet container. Register it with {@code asyncSupported} for
 * {@code /agent/*}, {@code /api/*}, {@code /install/*}, {@code /install.sh}, {@code /openapi.yaml},
 * {@code /healthz} and {@code /readyz}; every filter before it must support asynchronous requests
 * too.
 *
 * <p>The container's thread is given back at once. Bodies are read on the handler's executor;
 * responses and streams are written without blocking, and a client that has gone ends its stream
 * with the next write. Destroying the servlet does not close the handler.
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
    NiroRequest niroRequest = requestOf(request);
    AsyncContext async = request.startAsync();
    async.setTimeout(ASYNC_TIMEOUT.toMillis());
    Exchange exchange = new Exchange(async, response);
    async.addListener(exchange);
    handler.handle(niroRequest).thenAccept(exchange::answer);
  }

  private static NiroRequest requestOf(HttpServletRequest request) throws IOException {
    String pathInfo = request.getPathInfo();
    return new NiroRequest(
        request.getMethod(),
        request.getServletPath() + (pathInfo == null ? "" : pathInfo),
        NiroRequest.parseQuery(request.getQueryString()),
        headersOf(request),
        request.getInputStream());
  }

  private static Map<String, List<String>> headersOf(HttpServletRequest request) {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    for (String name : Collections.list(request.getHeaderNames())) {
      headers.put(name.toLowerCase(Locale.ROOT), Collections.list(request.getHeaders(name)));
    }
    return headers;
  }
}
