package cx.niro.server.http;

import cx.niro.core.ErrorCode;
import cx.niro.core.protocol.NiroCodec;
import cx.niro.core.protocol.Problem;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes responses; every one carries the headers that keep a browser from guessing. */
final class Answers {
  private static final byte[] NOTHING = new byte[0];

  private Answers() {}

  static NiroResponse json(NiroCodec codec, int status, Object value) {
    return bytes(status, "application/json", codec.encode(value));
  }

  static NiroResponse problem(NiroCodec codec, Problem problem) {
    return bytes(problem.status(), Problem.MEDIA_TYPE, codec.encode(problem));
  }

  static NiroResponse noContent() {
    return new NiroResponse(204, headers(), new NiroResponse.Body.Bytes(NOTHING));
  }

  static NiroResponse text(String contentType, String text) {
    return bytes(200, contentType + "; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  static NiroResponse stream(String contentType, NiroResponse.StreamBody body) {
    Map<String, String> headers = headers();
    headers.put("content-type", contentType);
    headers.put("x-accel-buffering", "no");
    return new NiroResponse(200, headers, new NiroResponse.Body.Stream(body));
  }

  static NiroResponse with(NiroResponse response, String header, String value) {
    Map<String, String> headers = new LinkedHashMap<>(response.headers());
    headers.put(header, value);
    return new NiroResponse(response.status(), headers, response.body());
  }

  /** The same head without the body, as HEAD is answered. */
  static NiroResponse headOnly(NiroResponse response) {
    NiroResponse.Body empty = new NiroResponse.Body.Bytes(NOTHING);
    NiroResponse bare = new NiroResponse(response.status(), response.headers(), empty);
    return response.body() instanceof NiroResponse.Body.Bytes full
        ? with(bare, "content-length", Integer.toString(full.bytes().length))
        : bare;
  }

  private static NiroResponse bytes(int status, String contentType, byte[] body) {
    Map<String, String> headers = headers();
    headers.put("content-type", contentType);
    return new NiroResponse(status, headers, new NiroResponse.Body.Bytes(body));
  }

  private static Map<String, String> headers() {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("cache-control", "no-store");
    headers.put("x-content-type-options", "nosniff");
    headers.put("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
    return headers;
  }

  /** Seconds after which a refused request is worth another try; 0 for never by itself. */
  static int retryAfterSeconds(ErrorCode code) {
    return switch (code) {
      case OVERLOADED, STREAM_UNREACHABLE -> 2;
      case STARTING_OR_STOPPING -> 5;
      case TOO_MANY_REQUESTS -> 15;
      // Twice within the time after which it may have its place again, if its successor went away.
      case BOOT_SUPERSEDED -> 30;
      default -> 0;
    };
  }
}
