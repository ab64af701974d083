package cx.niro.app.server;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Serves the dashboard from the class path: our pages, the components of the server SDK below
 * {@code /components/}, and the web jars below {@code /webjars/NAME/}. Every answer carries a
 * strict Content-Security-Policy; an inline import map of a page is allowed by its hash.
 */
final class StaticFiles extends HttpServlet {
  private static final long serialVersionUID = 1L;

  /**
   * Where our own pages are; {@code /} is {@code index.html}, {@code /setup} {@code setup.html}.
   */
  static final String PAGES = "cx/niro/app/web/";

  /** Where the server SDK has its web components. */
  static final String COMPONENTS = "cx/niro/server/components/";

  private static final Pattern SAFE_PATH = Pattern.compile("(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*/?");
  private static final Pattern INLINE_MAP =
      Pattern.compile("<script type=\"importmap\">(.*?)</script>", Pattern.DOTALL);
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "svg", "image/svg+xml",
          "png", "image/png",
          "ico", "image/x-icon",
          "json", "application/json",
          "woff2", "font/woff2");

  /** A file with what is sent along; kept, for there are few and none changes. */
  private record Page(
      @SuppressWarnings("ArrayRecordComponent") byte[] bytes,
      String type,
      String etag,
      String policy) {}

  private final transient Map<String, Page> pages = new ConcurrentHashMap<>();
  private final transient WebJars webJars = new WebJars();

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Optional<Page> found = find(request.getRequestURI());
    if (found.isEmpty()) {
      response.setStatus(HttpServletResponse.SC_NOT_FOUND);
      response.setContentType("text/plain; charset=utf-8");
      response.getOutputStream().write("Not found\n".getBytes(StandardCharsets.UTF_8));
      return;
    }
    Page page = found.get();
    response.setHeader("Content-Security-Policy", page.policy());
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("Referrer-Policy", "no-referrer");
    response.setHeader("Cache-Control", "no-cache");
    response.setHeader("ETag", page.etag());
    if (page.etag().equals(request.getHeader("If-None-Match"))) {
      response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
      return;
    }
    response.setContentType(page.type());
    response.setContentLength(page.bytes().length);
    response.getOutputStream().write(page.bytes());
  }

  private Optional<Page> find(String path) throws IOException {
    Page known = pages.get(path);
    if (known != null || !SAFE_PATH.matcher(path).matches()) {
      return Optional.ofNullable(known);
    }
    Optional<Page> loaded = load(path);
    loaded.ifPresent(page -> pages.put(path, page));
    return loaded;
  }

  private Optional<Page> load(String path) throws IOException {
    String resource = resourceOf(path);
    try (InputStream in = StaticFiles.class.getClassLoader().getResourceAsStream(resource)) {
      String type = TYPES.get(resource.substring(resource.lastIndexOf('.') + 1));
      return in == null || type == null
          ? Optional.empty()
          : Optional.of(pageOf(in.readAllBytes(), type));
    }
  }

  private String resourceOf(String path) {
    if (path.startsWith("/webjars/")) {
      return webJars.resourceOf(path.substring("/webjars/".length()));
    }
    if (path.startsWith("/components/")) {
      return COMPONENTS + path.substring("/components/".length());
    }
    if (path.equals("/")) {
      return PAGES + "index.html";
    }
    return PAGES + path.substring(1) + (path.indexOf('.') < 0 ? ".html" : "");
  }

  private static Page pageOf(byte[] bytes, String type) {
    String hash = base64Sha256(bytes);
    return new Page(bytes, type, "\"" + hash + "\"", policyOf(bytes, type));
  }

  private static String policyOf(byte[] bytes, String type) {
    StringBuilder scripts = new StringBuilder("'self'");
    if (type.startsWith("text/html")) {
      Matcher map = INLINE_MAP.matcher(new String(bytes, StandardCharsets.UTF_8));
      while (map.find()) {
        byte[] inline = map.group(1).getBytes(StandardCharsets.UTF_8);
        scripts.append(" 'sha256-").append(base64Sha256(inline)).append('\'');
      }
    }
    return "default-src 'none'; script-src "
        + scripts
        + "; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self';"
        + " base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
  }

  private static String base64Sha256(byte[] bytes) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
