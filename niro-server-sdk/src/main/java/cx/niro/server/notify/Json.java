package cx.niro.server.notify;

import cx.niro.core.protocol.NiroCodec;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Objects of a payload, in order, and their text: values are always escaped by the writer. */
final class Json {
  private static final NiroCodec CODEC = NiroCodec.forRest();

  private Json() {}

  /** Names and values in turn; a null value is left out. */
  static Map<String, Object> object(@Nullable Object... parts) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (int i = 0; i < parts.length; i += 2) {
      Object value = parts[i + 1];
      if (value != null) {
        object.put(String.valueOf(parts[i]), value);
      }
    }
    return object;
  }

  static @Nullable String url(@Nullable URI url) {
    return url == null ? null : url.toString();
  }

  static String text(Object value) {
    return new String(CODEC.encode(value), StandardCharsets.UTF_8);
  }
}
