package cx.niro.app.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DashboardServletTest {
  private static final Pattern REFERENCE =
      Pattern.compile("(?:(?:src|href)=|from *|import *\\(? *)\"([^\"]+)\"");
  private static final Pattern MAPPED = Pattern.compile("\"([^\"]+)\": \"(/webjars/[^\"]+)\"");

  private final StubServer server = new StubServer(0);
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/pods", "/clusters/c-1", "/clusters/c-1/timeline", "/login", "/setup"})
  void every_screen_has_a_page(String path) throws Exception {
    HttpResponse<String> page = get(path);

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(header(page, "Content-Type")).startsWith("text/html");
    assertThat(page.body()).contains("<!doctype html>").doesNotContain("{{");
  }

  @Test
  void the_policy_allows_our_files_and_the_import_map_and_nothing_else() throws Exception {
    HttpResponse<String> page = get("/");
    Matcher map =
        Pattern.compile("<script type=\"importmap\">(.*?)</script>", Pattern.DOTALL)
            .matcher(page.body());
    assertThat(map.find()).isTrue();
    String hash = Asset.sha256(map.group(1).getBytes(StandardCharsets.UTF_8));

    assertThat(header(page, "Content-Security-Policy"))
        .isEqualTo(
            "default-src 'none'; script-src 'self' 'sha256-"
                + hash
                + "'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none';"
                + " form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script';"
                + " trusted-types lit-html");
    assertThat(header(page, "X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(header(page, "Referrer-Policy")).isEqualTo("same-origin");
  }

  @Test
  void whatever_a_page_or_a_module_names_is_there() throws Exception {
    Deque<URI> open = new ArrayDeque<>();
    Set<URI> seen = new LinkedHashSet<>();
    for (String page : new String[] {"/", "/login", "/setup"}) {
      open.add(server.url().resolve(page));
    }
    while (!open.isEmpty()) {
      URI next = open.remove();
      if (seen.add(next)) {
        HttpResponse<String> answer = get(next.getPath());
        assertThat(answer.statusCode()).as(next.getPath()).isEqualTo(200);
        references(next, answer.body()).forEach(open::add);
      }
    }
    assertThat(seen.toString()).contains("/niro/niro-pods.js", "/webjars/lit-html/", "shell.css");
  }

  private Set<URI> references(URI from, String body) throws Exception {
    Set<URI> found = new LinkedHashSet<>();
    Matcher reference = REFERENCE.matcher(body);
    while (reference.find()) {
      String name = reference.group(1);
      boolean bare = name.matches("(@?[a-z].*)");
      found.add(from.resolve(bare ? mapped(name) : name));
    }
    return found;
  }

  /** As a browser does it: the longest name of the import map that fits. */
  private String mapped(String name) throws Exception {
    Matcher entry = MAPPED.matcher(get("/").body());
    String best = "";
    String target = "/nowhere/" + name;
    while (entry.find()) {
      String key = entry.group(1);
      boolean fits = key.endsWith("/") ? name.startsWith(key) : name.equals(key);
      if (fits && key.length() > best.length()) {
        best = key;
        target = entry.group(2) + name.substring(key.length());
      }
    }
    return target;
  }

  @Test
  void an_unchanged_file_is_not_sent_again() throws Exception {
    HttpResponse<String> first = get("/niro/niro-fleet.js");
    HttpResponse<String> second =
        send(request("/niro/niro-fleet.js").header("If-None-Match", header(first, "ETag")));

    assertThat(header(first, "Content-Type")).startsWith("text/javascript");
    assertThat(header(first, "Cache-Control")).isEqualTo("no-cache");
    assertThat(second.statusCode()).isEqualTo(304);
    assertThat(second.body()).isEmpty();
  }

  @Test
  void a_library_whose_address_has_its_version_is_kept() throws Exception {
    String address = mapped("lit");

    assertThat(header(get(address), "Cache-Control"))
        .isEqualTo("public, max-age=31536000, immutable");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/nothing",
        "/index.html",
        "/shell/../index.html",
        "/shell/%2e%2e/index.html",
        "/niro/..%2f..%2fMANIFEST.MF",
        "/niro//niro.css",
        "/niro/niro.css%00.js",
        "/niro/",
        "/webjars/lit/3.3.2/package.json",
        "/webjars/jetty/1.0/x.js",
        "/webjars/lit/../lit/index.js",
        "/cx/niro/app/dashboard/DashboardServlet.class",
        "/META-INF/MANIFEST.MF",
        "/clusters",
        "/clusters/a/b/c",
      })
  void nothing_else_is_served(String path) throws Exception {
    assertThat(get(path).statusCode()).isIn(400, 404);
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(request(path));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(server.url() + path));
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }
}
