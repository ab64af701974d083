package cx.niro.server.http;

import cx.niro.core.managed.ObjectSource;
import cx.niro.core.protocol.NiroCodec;
import cx.niro.core.protocol.RawJson;
import cx.niro.server.manifest.Manifest;
import cx.niro.server.manifest.ManifestFile;
import cx.niro.server.manifest.ManifestLimits;
import cx.niro.server.manifest.ManifestReader;
import cx.niro.server.manifest.ManifestSet;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The member {@code manifests}: a text; or a list of texts, of files {@code {file, text}}, of what
 * reads answer {@code {source, object}}, and of plain Kubernetes objects.
 */
final class ManifestBody {
  private static final String FIELD = "manifests";

  private ManifestBody() {}

  static ManifestSet parse(NiroCodec codec, @Nullable RawJson body, String namespace) {
    if (body == null) {
      throw new FieldException(FIELD, "is required");
    }
    Object value = codec.decode(Object.class, body.text().getBytes(StandardCharsets.UTF_8));
    if (value instanceof String text) {
      return ManifestSet.parse(List.of(new ManifestFile(null, text)), namespace);
    }
    if (!(value instanceof List<?> items)) {
      throw new FieldException(FIELD, "must be a text or a list");
    }
    ManifestReader reader = new ManifestReader(ManifestLimits.DEFAULT);
    List<Manifest> all = new ArrayList<>();
    for (Object item : items) {
      all.addAll(item(item, reader));
      if (all.size() > ManifestLimits.DEFAULT.objects()) {
        throw new FieldException(
            FIELD, "must be at most " + ManifestLimits.DEFAULT.objects() + " objects");
      }
    }
    return ManifestSet.checked(all, namespace);
  }

  private static List<Manifest> item(@Nullable Object item, ManifestReader reader) {
    if (item instanceof String text) {
      return reader.read(new ManifestFile(null, text));
    }
    if (!(item instanceof Map<?, ?> map)) {
      throw new FieldException(FIELD, "must be texts, files or objects");
    }
    if (map.get("text") instanceof String text) {
      return reader.read(new ManifestFile(text(map, "file"), text));
    }
    if (map.get("object") instanceof Map<?, ?> object) {
      return List.of(new Manifest(source(map.get("source")), members(object)));
    }
    return List.of(new Manifest(source(null), members(map)));
  }

  private static Map<String, @Nullable Object> members(Map<?, ?> map) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    map.forEach((name, value) -> members.put(String.valueOf(name), value));
    return members;
  }

  private static ObjectSource source(@Nullable Object given) {
    return given instanceof Map<?, ?> map
        ? new ObjectSource(text(map, "file"), number(map, "document"), number(map, "line"))
        : new ObjectSource(null, null, null);
  }

  private static @Nullable String text(Map<?, ?> map, String name) {
    return map.get(name) instanceof String text ? Shown.cut(text) : null;
  }

  private static @Nullable Integer number(Map<?, ?> map, String name) {
    return map.get(name) instanceof Long number && number > 0 && number <= Integer.MAX_VALUE
        ? Integer.valueOf(number.intValue())
        : null;
  }
}
