package cx.niro.server.jdbc;

import cx.niro.core.protocol.NiroCodec;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Small values kept as JSON text in one column. */
final class JsonColumn {
  private static final NiroCodec CODEC = NiroCodec.create();

  private JsonColumn() {}

  static String text(Object value) {
    return new String(CODEC.encode(value), StandardCharsets.UTF_8);
  }

  static <T> T record(Class<T> type, String text) {
    return CODEC.decode(type, text.getBytes(StandardCharsets.UTF_8));
  }

  static Map<String, String> map(String text) {
    Map<String, String> map = new LinkedHashMap<>();
    read(text).forEach((key, value) -> map.put(String.valueOf(key), String.valueOf(value)));
    return map;
  }

  static Map<String, List<String>> lists(String text) {
    Map<String, List<String>> map = new LinkedHashMap<>();
    read(text).forEach((key, value) -> map.put(String.valueOf(key), texts((List<?>) value)));
    return map;
  }

  private static List<String> texts(List<?> values) {
    return values.stream().map(String::valueOf).toList();
  }

  private static Map<?, ?> read(String text) {
    return CODEC.decode(Map.class, text.getBytes(StandardCharsets.UTF_8));
  }
}
