package cx.niro.app.dashboard;

import cx.niro.app.Transfer;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The dashboard as a servlet for {@code /}: pages, web components and the libraries that they need.
 * It knows no data and no users; its pages ask {@code /app} and {@code /api/v1}.
 */
public final class DashboardServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  private final transient Pages pages = new Pages();
  private final transient Files files = new Files();

  /** Reads the pages; fails at once when the distribution lacks a file that they need. */
  public DashboardServlet() {}

  /** Echoing a request would show a page the cookie that scripts must not read. */
  @Override
  protected void doTrace(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.sendError(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    // The address as sent, not decoded: what needs decoding is none of ours.
    String path = request.getRequestURI();
    Optional<Asset> found = pages.at(path).or(() -> files.at(path));
    response.setHeader("Content-Security-Policy", pages.policy());
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("X-Frame-Options", "DENY");
    response.setHeader("Referrer-Policy", "same-origin");
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    if (found.isEmpty()) {
      response.setStatus(HttpServletResponse.SC_NOT_FOUND);
      response.setContentType("text/plain; charset=utf-8");
      response.getOutputStream().write("Not found\n".getBytes(StandardCharsets.UTF_8));
      return;
    }
    send(found.get(), request, response);
  }

  private static void send(Asset asset, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setHeader("ETag", asset.etag());
    response.setHeader("Cache-Control", asset.caching());
    if (asset.etag().equals(request.getHeader("If-None-Match"))) {
      response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
      return;
    }
    response.setContentType(asset.type());
    response.setContentLength(asset.bytes().length);
    Transfer.send(request, response, new ByteArrayInputStream(asset.bytes()));
  }
}
