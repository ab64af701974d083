package cx.niro.agent.kubernetes;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.stream.JsonReader;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.Pair;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import okhttp3.Call;
import okhttp3.Handshake;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;

/**
 * The one door to the API server: calls that give JSON, read as it arrives. Addresses, trust and
 * credentials are the Kubernetes client's, models are not used. Safe for use by any thread; calls
 * block.
 */
final class ApiServer implements AutoCloseable {
  /** Reads an answer while it arrives. */
  interface Reading<T> {
    T from(JsonReader answer) throws IOException;
  }

  private static final Duration CALL = Duration.ofSeconds(30);
  private static final Duration PING = Duration.ofSeconds(15);
  private static final int ERROR_BYTES = 64 * 1024;

  private final ApiClient client;
  private final OkHttpClient calls;
  private final OkHttpClient watches;
  private final Set<Call> running = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;
  private volatile @Nullable Long certificateExpiresAt;

  ApiServer(ApiClient client) {
    this.client = client;
    OkHttpClient given = client.getHttpClient();
    this.calls = given.newBuilder().callTimeout(CALL).readTimeout(CALL).pingInterval(PING).build();
    this.watches = calls.newBuilder().callTimeout(Duration.ZERO).build();
  }

  /** The answer as one object. */
  JsonObject send(ApiRequest request) throws IOException {
    return read(request, answer -> JsonParser.parseReader(answer).getAsJsonObject());
  }

  /** Whether {@code path} answers with a success, whatever the body. */
  boolean isOk(String path) throws IOException {
    return exchange(calls, ApiRequest.get(path), body -> true);
  }

  <T> T read(ApiRequest request, Reading<T> reading) throws IOException {
    return exchange(calls, request, body -> reading.from(new JsonReader(body.charStream())));
  }

  /** Like {@link #read}, for an answer that may go on and be silent for {@code silence}. */
  <T> T stream(ApiRequest request, Duration silence, Reading<T> reading) throws IOException {
    return stream(request, silence, end -> {}, reading);
  }

  /**
   * The same, for what may end before the answer does.
   *
   * @param running is handed what ends the call
   */
  <T> T stream(ApiRequest request, Duration silence, Consumer<Runnable> running, Reading<T> reading)
      throws IOException {
    Call call = patient(request, silence);
    running.accept(call::cancel);
    return exchange(call, request, body -> reading.from(new JsonReader(body.charStream())));
  }

  /**
   * Reads the bytes of an answer that may go on and be silent for {@code silence}.
   *
   * @param running is handed what ends the call
   */
  void bytes(ApiRequest request, Duration silence, Consumer<Runnable> running, ByteReading reading)
      throws IOException {
    Call call = patient(request, silence);
    running.accept(call::cancel);
    exchange(
        call,
        request,
        body -> {
          reading.from(body.byteStream());
          return true;
        });
  }

  /** When the certificate that the API server showed last expires; null before, or without TLS. */
  @Nullable Long certificateExpiresAt() {
    return certificateExpiresAt;
  }

  /** Ends all calls; later ones fail. */
  @Override
  public void close() {
    closed = true;
    running.forEach(Call::cancel);
    client.getHttpClient().connectionPool().evictAll();
  }

  /** Reads bytes while they arrive. */
  interface ByteReading {
    void from(InputStream answer) throws IOException;
  }

  private interface BodyReading<T> {
    T from(ResponseBody body) throws IOException;
  }

  private <T> T exchange(OkHttpClient http, ApiRequest request, BodyReading<T> reading)
      throws IOException {
    return exchange(http.newCall(prepared(request).request()), request, reading);
  }

  private <T> T exchange(Call call, ApiRequest request, BodyReading<T> reading) throws IOException {
    running.add(call);
    try {
      if (closed) {
        throw new IOException("closed");
      }
      try (Response response = call.execute()) {
        noteCertificate(response.handshake());
        if (!response.isSuccessful()) {
          throw failure(response);
        }
        return reading.from(response.body());
      }
    } catch (JsonParseException | IllegalStateException e) {
      throw new IOException(
          request.path() + " answered something that is not the JSON asked for", e);
    } finally {
      running.remove(call);
    }
  }

  private void noteCertificate(@Nullable Handshake handshake) {
    if (handshake != null
        && !handshake.peerCertificates().isEmpty()
        && handshake.peerCertificates().get(0) instanceof X509Certificate shown) {
      certificateExpiresAt = shown.getNotAfter().toInstant().toEpochMilli();
    }
  }

  private Call patient(ApiRequest request, Duration silence) throws IOException {
    OkHttpClient http = watches.newBuilder().readTimeout(silence).build();
    return http.newCall(prepared(request).request());
  }

  private Call prepared(ApiRequest request) throws IOException {
    Map<String, String> headers = new HashMap<>(Map.of("Accept", request.accept()));
    if (request.contentType() != null) {
      headers.put("Content-Type", request.contentType());
    }
    List<Pair> query =
        request.query().entrySet().stream()
            .map(parameter -> new Pair(parameter.getKey(), parameter.getValue()))
            .toList();
    try {
      return client.buildCall(
          null,
          request.path(),
          request.method(),
          query,
          List.of(),
          bytes(request.body()),
          headers,
          Map.of(),
          Map.of(),
          new String[] {"BearerToken"},
          null);
    } catch (ApiException e) {
      throw new IOException("cannot call " + request.path(), e);
    }
  }

  /** As bytes, because the client would leave out the nulls by which a merge patch removes. */
  private static byte @Nullable [] bytes(@Nullable JsonObject body) {
    return body == null ? null : body.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static ApiFailure failure(Response response) throws IOException {
    String body = response.peekBody(ERROR_BYTES).string();
    return new ApiFailure(response.code(), status(body), seconds(response.header("Retry-After")));
  }

  /** The Status; other bodies are of no use to anybody. */
  private static Json status(String body) {
    try {
      return Json.of(JsonParser.parseString(body));
    } catch (JsonParseException e) {
      return new Json(new JsonObject());
    }
  }

  private static int seconds(@Nullable String retryAfter) {
    boolean plain = retryAfter != null && retryAfter.matches("\\d{1,5}");
    return plain ? Integer.parseInt(retryAfter) : 0;
  }
}
