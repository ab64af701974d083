package cx.niro.server.manifest;

import cx.niro.core.managed.ManagedLimits;
import cx.niro.core.managed.ManifestObject;
import cx.niro.core.managed.ObjectRef;
import cx.niro.core.managed.ObjectSource;
import cx.niro.core.protocol.NiroCodec;
import cx.niro.core.protocol.RawJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The objects of a managed deployment, each one checked for what every Kubernetes object has, and
 * no object twice. Immutable.
 *
 * <p>What {@code kubectl} wrote about its own last apply is left out: it is no wish of anybody's,
 * and in a Secret it holds the values.
 */
public record ManifestSet(List<Manifest> manifests) {
  private static final NiroCodec CODEC = NiroCodec.forRest();
  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
  private static final int NAME_CHARS = 253;
  private static final Pattern API_VERSION =
      Pattern.compile("([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/)?[a-z][a-z0-9]{0,62}");
  private static final Pattern KIND = Pattern.compile("[A-Z][A-Za-z0-9]{0,62}");
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  /** Copies the list. */
  public ManifestSet {
    manifests = List.copyOf(manifests);
  }

  /**
   * The objects of these texts.
   *
   * @param namespace of objects that name none
   * @throws ManifestException naming file, document and line of what is wrong, and the limit
   */
  public static ManifestSet parse(List<ManifestFile> files, String namespace) {
    List<Manifest> all = new ArrayList<>();
    ManifestReader reader = new ManifestReader(ManifestLimits.DEFAULT);
    long bytes = 0;
    for (ManifestFile file : files) {
      bytes += file.text().length();
      all.addAll(reader.read(file));
      check(all.size() <= ManifestLimits.DEFAULT.objects(), file, "objects", all.size());
      check(bytes <= ManifestLimits.DEFAULT.bytes(), file, "characters", bytes);
    }
    return checked(all, namespace);
  }

  private static void check(boolean within, ManifestFile file, String what, long count) {
    if (!within) {
      throw new ManifestException(
          new ObjectSource(file.name(), null, null),
          "with this file there are " + count + " " + what + ", which is over the limit");
    }
  }

  /**
   * The objects of one text by itself, as {@link ManifestReader} reads it.
   *
   * @throws ManifestException naming document and line of what is wrong, and the limit
   */
  public static List<Manifest> read(ManifestFile file, ManifestLimits limits) {
    return new ManifestReader(limits).read(file);
  }

  /**
   * These objects, checked.
   *
   * @throws ManifestException for one that is no Kubernetes object, or is there twice
   */
  public static ManifestSet checked(List<Manifest> manifests, String namespace) {
    if (manifests.isEmpty()) {
      throw new ManifestException(new ObjectSource(null, null, null), "there is no object");
    }
    if (manifests.size() > ManagedLimits.OBJECTS) {
      throw new ManifestException(
          new ObjectSource(null, null, null),
          "there are more than " + ManagedLimits.OBJECTS + " objects");
    }
    Map<String, Manifest> byName = new LinkedHashMap<>();
    for (Manifest manifest : manifests) {
      check(manifest);
      Manifest same = byName.putIfAbsent(key(manifest.ref(), namespace), manifest);
      if (same != null) {
        throw new ManifestException(
            manifest.source(),
            manifest.ref() + " is there already: " + Manifest.where(same.source()));
      }
    }
    return new ManifestSet(byName.values().stream().map(ManifestSet::withoutLastApplied).toList());
  }

  private static String key(ObjectRef ref, String namespace) {
    int slash = ref.apiVersion().indexOf('/');
    String group = slash < 0 ? "" : ref.apiVersion().substring(0, slash);
    String home = Objects.requireNonNullElse(ref.namespace(), namespace);
    return String.join(" ", group, ref.kind(), home, ref.name());
  }

  private static void check(Manifest manifest) {
    ObjectRef ref = manifest.ref();
    if (!API_VERSION.matcher(ref.apiVersion()).matches()) {
      throw missing(manifest, "apiVersion", "such as v1 or apps/v1");
    }
    if (!KIND.matcher(ref.kind()).matches()) {
      throw missing(manifest, "kind", "such as Deployment");
    }
    if (ref.kind().endsWith("List") && manifest.object().containsKey("items")) {
      throw new ManifestException(
          manifest.source(),
          "a list is no object of its own; give its items, or the list as a text");
    }
    if (ref.name().isBlank() || ref.name().length() > NAME_CHARS) {
      throw missing(
          manifest, "metadata.name", "of 1 to " + NAME_CHARS + " characters; it is not generated");
    }
    if (!isPathSegment(ref.name())) {
      throw missing(manifest, "metadata.name", "that can be part of a path");
    }
    Object namespace = manifest.metadata().get("namespace");
    if (namespace != null && !(namespace instanceof String text && LABEL.matcher(text).matches())) {
      throw missing(manifest, "metadata.namespace", "of letters, digits and hyphens");
    }
  }

  private static boolean isPathSegment(String name) {
    return !name.equals(".")
        && !name.equals("..")
        && name.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '/' && c != '%');
  }

  private static ManifestException missing(Manifest manifest, String field, String form) {
    return new ManifestException(manifest.source(), field + " must be a text " + form);
  }

  private static Manifest withoutLastApplied(Manifest manifest) {
    if (!(manifest.metadata().get("annotations") instanceof Map<?, ?> annotations)
        || !annotations.containsKey(LAST_APPLIED)) {
      return manifest;
    }
    Map<String, @Nullable Object> left = texts(annotations);
    left.remove(LAST_APPLIED);
    Map<String, @Nullable Object> metadata = texts(manifest.metadata());
    metadata.put("annotations", left);
    Map<String, @Nullable Object> object = new LinkedHashMap<>(manifest.object());
    object.put("metadata", metadata);
    return new Manifest(manifest.source(), object);
  }

  private static Map<String, @Nullable Object> texts(Map<?, ?> map) {
    Map<String, @Nullable Object> copy = new LinkedHashMap<>();
    map.forEach((name, value) -> copy.put(String.valueOf(name), value));
    return copy;
  }

  /** The same as agents are told. */
  public List<ManifestObject> forAgents() {
    return manifests.stream()
        .map(
            one ->
                new ManifestObject(
                    one.source(),
                    new RawJson(new String(CODEC.encode(one.object()), StandardCharsets.UTF_8))))
        .toList();
  }

  /** A set that was checked before it was stored. */
  public static ManifestSet ofStored(List<ManifestObject> objects) {
    return new ManifestSet(objects.stream().map(ManifestSet::ofStored).toList());
  }

  private static Manifest ofStored(ManifestObject stored) {
    byte[] json = stored.object().text().getBytes(StandardCharsets.UTF_8);
    Map<String, @Nullable Object> object = texts(CODEC.decode(Map.class, json));
    ObjectSource source = stored.source();
    return new Manifest(source == null ? new ObjectSource(null, null, null) : source, object);
  }
}
