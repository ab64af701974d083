package cx.niro.app.cli;

import cx.niro.app.CommandException;
import cx.niro.app.ExitCode;
import cx.niro.app.Json;
import cx.niro.app.Printed;
import cx.niro.app.Terminal;
import cx.niro.app.Version;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Calls the REST API of one server and turns what goes wrong into a {@link CommandException} that
 * says the next step. Safe from any thread; every call blocks.
 */
public final class RestClient {
  private final HttpClient client;
  private final URI server;
  private final @Nullable String apiToken;
  private final Duration timeout;

  /** A client; {@code apiToken} null sends none. */
  public RestClient(URI server, @Nullable String apiToken, SSLContext trust, Duration timeout) {
    this.server = server;
    this.apiToken = apiToken;
    this.timeout = timeout;
    boolean secure = "https".equals(server.getScheme());
    this.client =
        HttpClient.newBuilder()
            .version(secure ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1)
            .sslContext(trust)
            .connectTimeout(timeout)
            .proxy(new ProxyFromEnvironment(ServerConnection.environment()))
            .build();
  }

  /** Reads; {@code pathAndQuery} begins with a slash and is encoded already. */
  public Document get(String pathAndQuery) {
    return body(send("GET", pathAndQuery, null, timeout));
  }

  /** Reads what the server may hold back for {@code wait}. */
  Document get(String pathAndQuery, Duration wait) {
    return body(send("GET", pathAndQuery, null, timeout.plus(wait)));
  }

  /** Sends a JSON object. */
  public Document post(String path, Map<String, ? extends @Nullable Object> body) {
    return body(send("POST", path, Printed.compact(body), timeout));
  }

  /** Replaces. */
  Document put(String path, Map<String, ? extends @Nullable Object> body) {
    return body(send("PUT", path, Printed.compact(body), timeout));
  }

  /** Deletes; what is answered is empty mostly. */
  public Document delete(String pathAndQuery) {
    return body(send("DELETE", pathAndQuery, null, timeout));
  }

  /** A text for one path segment or query value. */
  public static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** The plain answer, whatever its status. */
  HttpResponse<String> exchange(String method, String path, @Nullable String body, Duration wait)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = request(path).timeout(wait).header("accept", "application/json");
    if (body == null) {
      request.method(method, BodyPublishers.noBody());
    } else {
      request.header("content-type", "application/json");
      request.method(method, BodyPublishers.ofString(body));
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /**
   * Reads Server-Sent Events until the server ends them.
   *
   * @param event given the name and the data of each
   */
  void events(String pathAndQuery, BiConsumer<String, Document> event) {
    try {
      HttpRequest request =
          request(pathAndQuery).header("accept", "text/event-stream").GET().build();
      HttpResponse<InputStream> response =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        if (response.statusCode() >= 300) {
          throw Refusals.of(
              response.statusCode(), new String(body.readAllBytes(), StandardCharsets.UTF_8));
        }
        read(body, event);
      }
    } catch (IOException e) {
      throw unreachable(e.getMessage() == null ? "the connection was cut" : e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException(ExitCode.FAILED, "interrupted", e);
    }
  }

  private static void read(InputStream body, BiConsumer<String, Document> event)
      throws IOException {
    BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    String name = "";
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith("event: ")) {
        name = line.substring("event: ".length());
      } else if (line.startsWith("data: ")) {
        event.accept(name, Document.of(Json.parse(line.substring("data: ".length()))));
      }
    }
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server + path))
            .header("user-agent", "niro/" + Version.current());
    if (apiToken != null && !apiToken.isBlank()) {
      request.header("authorization", "Bearer " + apiToken.strip());
    }
    return request;
  }

  private HttpResponse<String> send(
      String method, String path, @Nullable String body, Duration wait) {
    try {
      HttpResponse<String> response = exchange(method, path, body, wait);
      if (response.statusCode() >= 300) {
        throw Refusals.of(response.statusCode(), response.body());
      }
      return response;
    } catch (HttpTimeoutException e) {
      throw unreachable("no answer within " + wait.toSeconds() + " s", e);
    } catch (SSLException e) {
      throw unreachable("TLS: " + e.getMessage() + "; see niro doctor", e);
    } catch (IOException e) {
      throw unreachable(e.getMessage() == null ? "connection refused" : e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException(ExitCode.FAILED, "interrupted", e);
    } catch (IllegalArgumentException e) {
      throw new CommandException(
          ExitCode.USAGE, "the API token has letters that cannot be sent", e);
    }
  }

  private CommandException unreachable(String why, IOException cause) {
    return new CommandException(
        ExitCode.UNREACHABLE, "cannot reach " + server + ": " + Terminal.clean(why), cause);
  }

  private Document body(HttpResponse<String> response) {
    try {
      return response.body().isEmpty()
          ? Document.of(null)
          : Document.of(Json.parse(response.body()));
    } catch (IllegalArgumentException e) {
      throw new CommandException(
          ExitCode.FAILED, server + " does not answer like a Niro server: " + e.getMessage(), e);
    }
  }
}
