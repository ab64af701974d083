package cx.niro.server.http;

import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request as any web stack can describe it.
 *
 * @param path decoded once, without query, beginning with {@code /}
 * @param query decoded parameters, in order; {@link #parseQuery} makes them
 * @param headers by lower-case name
 * @param body read at most once, on the executor that the handler was given. One that blocks while
 *     a client drips holds a thread there, so either bring a deadline for the whole body or give it
 *     as a {@link BodySource}
 * @param remoteAddress of the connection; null when that is not known
 */
public record NiroRequest(
    String method,
    String path,
    Map<String, List<String>> query,
    Map<String, List<String>> headers,
    InputStream body,
    @Nullable String remoteAddress) {

  /** One that comes from nobody knows where. */
  public NiroRequest(
      String method,
      String path,
      Map<String, List<String>> query,
      Map<String, List<String>> headers,
      InputStream body) {
    this(method, path, query, headers, body, null);
  }

  /** The same request with another body. */
  NiroRequest with(InputStream other) {
    return new NiroRequest(method, path, query, headers, other, remoteAddress);
  }

  /** The header's first value, by lower-case name; null when it was not sent. */
  public @Nullable String header(String name) {
    List<String> values = headers.getOrDefault(name, List.of());
    return values.isEmpty() ? null : values.get(0);
  }

  /**
   * The parameters of a raw query string, which may be null; text with a wrong escape is kept as it
   * is.
   */
  public static Map<String, List<String>> parseQuery(@Nullable String raw) {
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    if (raw == null) {
      return parameters;
    }
    for (String pair : raw.split("&", -1)) {
      if (pair.isEmpty()) {
        continue;
      }
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      parameters.computeIfAbsent(decode(name), key -> new ArrayList<>()).add(decode(value));
    }
    return parameters;
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }
}
