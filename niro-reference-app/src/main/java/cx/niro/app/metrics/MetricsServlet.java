package cx.niro.app.metrics;

import cx.niro.server.Metric;
import cx.niro.server.http.NiroRequest;
import cx.niro.server.spi.AccessControl;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * {@code /metrics}. Whoever has an API token reads it, of whatever role; nobody else, unless the
 * server is there for this machine only and he sits at it.
 */
public final class MetricsServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  private final transient Supplier<List<Metric>> metrics;
  private final transient AccessControl control;
  private final boolean local;

  /**
   * @param local whether the server is known under no address but those of this machine
   */
  public MetricsServlet(Supplier<List<Metric>> metrics, AccessControl control, boolean local) {
    this.metrics = metrics;
    this.control = control;
    this.local = local;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setHeader("Cache-Control", "no-store");
    if (!(local && isFromHere(request)) && !hasToken(request)) {
      response.setHeader("WWW-Authenticate", "Bearer");
      response.sendError(
          HttpServletResponse.SC_UNAUTHORIZED, "send an API token as Authorization: Bearer");
      return;
    }
    List<Metric> all = new ArrayList<>(metrics.get());
    all.addAll(ProcessMetrics.read());
    byte[] text = MetricsText.of(all).getBytes(StandardCharsets.UTF_8);
    response.setHeader("Content-Type", MetricsText.MEDIA_TYPE);
    response.setContentLength(text.length);
    response.getOutputStream().write(text);
  }

  /** A proxy on this machine speaks for others. */
  private static boolean isFromHere(HttpServletRequest request) throws UnknownHostException {
    return request.getHeader("Forwarded") == null
        && request.getHeader("X-Forwarded-For") == null
        && InetAddress.getByName(request.getRemoteAddr()).isLoopbackAddress();
  }

  private boolean hasToken(HttpServletRequest request) {
    List<String> authorization = Collections.list(request.getHeaders("Authorization"));
    InputStream none = InputStream.nullInputStream();
    Map<String, List<String>> headers = Map.of("authorization", authorization);
    return control
        .authenticate(new NiroRequest("GET", "/metrics", Map.of(), headers, none))
        .isPresent();
  }
}
