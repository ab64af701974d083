package cx.niro.server.manifest;

import cx.niro.core.managed.ObjectRef;
import cx.niro.core.managed.ObjectSource;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One Kubernetes object of a file.
 *
 * @param source where it begins
 * @param object maps, lists, texts, Boolean, Long, Double and nulls; to be read only
 */
public record Manifest(ObjectSource source, Map<String, @Nullable Object> object) {

  /** Which object it is; what it does not say is empty. */
  public ObjectRef ref() {
    String namespace = text(metadata().get("namespace"));
    return new ObjectRef(
        text(object.get("apiVersion")),
        text(object.get("kind")),
        namespace.isEmpty() ? null : namespace,
        text(metadata().get("name")));
  }

  Map<?, ?> metadata() {
    return object.get("metadata") instanceof Map<?, ?> metadata ? metadata : Map.of();
  }

  private static String text(@Nullable Object value) {
    return value instanceof String text ? text : "";
  }

  /** For people, for example {@code web.yaml, document 2, line 14}. */
  public static String where(ObjectSource source) {
    String place =
        Stream.of(
                source.file(),
                source.document() == null ? null : "document " + source.document(),
                source.line() == null ? null : "line " + source.line())
            .flatMap(Stream::ofNullable)
            .collect(Collectors.joining(", "));
    return place.isEmpty() ? "manifests" : place;
  }

  @Override
  public String toString() {
    return "Manifest(" + ref() + " of " + where(source) + ")";
  }
}
