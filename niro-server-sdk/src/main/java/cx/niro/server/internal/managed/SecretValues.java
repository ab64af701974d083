package cx.niro.server.internal.managed;

import cx.niro.core.DeploymentId;
import cx.niro.server.internal.outbox.Sealer;
import cx.niro.server.manifest.Manifest;
import cx.niro.server.manifest.ManifestException;
import cx.niro.server.manifest.ManifestSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Puts hashes in the place of the values of Secrets, and finds the value again that a hash stands
 * for. A hash names its deployment and Secret, so equal values elsewhere have others.
 */
public final class SecretValues {
  /** How a hash begins; no value of {@code data}, which is Base64, has a colon. */
  static final String MARK = "niro-hash:";

  private static final List<String> FIELDS = List.of("data", "stringData");

  private final Sealer sealer;

  public SecretValues(Sealer sealer) {
    this.sealer = sealer;
  }

  /** The same for readers. */
  public ManifestSet hidden(DeploymentId id, ManifestSet set) {
    return new ManifestSet(
        set.manifests().stream()
            .map(one -> replaced(one, (name, value) -> hash(id, one, value)))
            .toList());
  }

  /**
   * The same with the values that hashes stand for.
   *
   * @param stored the values that there are
   * @throws ManifestException for a hash that is that of no value of the same Secret
   */
  public ManifestSet revealed(DeploymentId id, ManifestSet given, @Nullable ManifestSet stored) {
    Map<String, String> values = stored == null ? Map.of() : hashes(id, stored);
    return new ManifestSet(
        given.manifests().stream()
            .map(one -> replaced(one, (name, value) -> value(one, name, value, values)))
            .toList());
  }

  private Map<String, String> hashes(DeploymentId id, ManifestSet stored) {
    Map<String, String> values = new HashMap<>();
    for (Manifest one : stored.manifests()) {
      replaced(
          one,
          (name, value) -> {
            values.put(hash(id, one, value), value);
            return value;
          });
    }
    return values;
  }

  private String hash(DeploymentId id, Manifest secret, String value) {
    String purpose = "secret/" + id + "/" + secret.ref();
    return MARK + sealer.fingerprint(value, purpose).substring(0, 32);
  }

  private static String value(
      Manifest secret, String name, String given, Map<String, String> values) {
    if (!given.startsWith(MARK)) {
      return given;
    }
    String value = values.get(given);
    if (value == null) {
      throw new ManifestException(
          secret.source(),
          secret.ref() + ": " + name + " is a hash, but not that of a value which is there now");
    }
    return value;
  }

  /** A number would have lost its leading zeros. */
  private static String text(Manifest one, String field, Object value) {
    if (value instanceof String text) {
      return text;
    }
    throw new ManifestException(
        one.source(), one.ref() + ": values of " + field + " must be texts; put them in quotes");
  }

  /** Asks for each value of a Secret what to put there instead. */
  private static Manifest replaced(Manifest one, BinaryOperator<String> replacement) {
    if (!one.ref().kind().equals("Secret")) {
      return one;
    }
    Map<String, @Nullable Object> object = new LinkedHashMap<>(one.object());
    for (String field : FIELDS) {
      if (object.get(field) instanceof Map<?, ?> values) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        values.forEach(
            (name, value) ->
                copy.put(
                    String.valueOf(name),
                    value == null
                        ? null
                        : replacement.apply(field + "." + name, text(one, field, value))));
        object.put(field, copy);
      } else if (object.get(field) != null) {
        throw new ManifestException(one.source(), one.ref() + ": " + field + " must be a map");
      }
    }
    return new Manifest(one.source(), object);
  }
}
