package cx.niro.server.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPOutputStream;

/**
 * Sends texts to a server and reads what comes back; knows HTTP and nothing else. Every answer is
 * held against the OpenAPI document that the server itself serves.
 */
public final class Wire {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI server;
  private final ApiDocument api;

  public Wire(URI server) throws IOException, InterruptedException {
    this.server = server;
    HttpRequest request = HttpRequest.newBuilder(server.resolve("/openapi.yaml")).build();
    this.api = ApiDocument.parse(client.send(request, BodyHandlers.ofString()).body());
  }

  public ApiDocument api() {
    return api;
  }

  /** What came back. */
  public record Answer(int status, HttpHeaders headers, String body) {
    public JsonNode json() {
      try {
        return JSON.readTree(body);
      } catch (IOException e) {
        throw new UncheckedIOException(body, e);
      }
    }

    public String text(String pointer) {
      return json().at(pointer).asText();
    }

    public String header(String name) {
      return headers.firstValue(name).orElse("");
    }

    /** Status and code of a problem document, for example {@code 409 token_used}. */
    public String problem() {
      return header("content-type").startsWith("application/problem+json")
          ? status + " " + text("/code")
          : status + " without a problem document: " + body;
    }
  }

  public Answer get(String path, String bearer) {
    return send(request(path, bearer).GET());
  }

  public Answer delete(String path, String bearer) {
    return send(request(path, bearer).DELETE());
  }

  public Answer post(String path, String bearer, String json) {
    return send(json(path, bearer, "POST", json));
  }

  public Answer patch(String path, String bearer, String json) {
    return send(json(path, bearer, "PATCH", json));
  }

  /** Sends without waiting for the answer. */
  public CompletableFuture<Answer> postLater(String path, String bearer, String json) {
    return client
        .sendAsync(json(path, bearer, "POST", json).build(), BodyHandlers.ofString())
        .thenApply(this::checked);
  }

  public HttpRequest.Builder request(String path, String bearer) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.resolve(path)).timeout(Duration.ofSeconds(60));
    return bearer.isEmpty() ? request : request.header("authorization", "Bearer " + bearer);
  }

  private HttpRequest.Builder json(String path, String bearer, String method, String json) {
    return request(path, bearer)
        .header("content-type", "application/json")
        .method(method, BodyPublishers.ofString(json));
  }

  public Answer send(HttpRequest.Builder request) {
    try {
      return checked(client.send(request.build(), BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** An answer as it stands on the wire of HTTP/1.1, its body without chunks. */
  public static Answer parse(String raw) {
    String[] parts = raw.split("\r\n\r\n", 2);
    String[] lines = parts[0].split("\r\n");
    Map<String, List<String>> headers = new HashMap<>();
    for (int i = 1; i < lines.length; i++) {
      String[] header = lines[i].split(": ", 2);
      headers.put(header[0], List.of(header[1]));
    }
    return new Answer(
        Integer.parseInt(lines[0].split(" ")[1]),
        HttpHeaders.of(headers, (name, value) -> true),
        parts[1]);
  }

  private Answer checked(HttpResponse<String> response) {
    Answer answer = new Answer(response.statusCode(), response.headers(), response.body());
    HttpRequest request = response.request();
    if (!request.method().equals("HEAD")) {
      api.check(request.method(), request.uri(), answer);
    }
    return answer;
  }

  public static byte[] gzip(byte[] plain) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  public static byte[] gzip(String plain) {
    return gzip(plain.getBytes(StandardCharsets.UTF_8));
  }
}
