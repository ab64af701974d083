package cx.niro.server.manifest;

import org.jspecify.annotations.Nullable;

/**
 * A text with manifests, YAML or JSON.
 *
 * @param name for messages; null when it has none
 */
public record ManifestFile(@Nullable String name, String text) {
  @Override
  public String toString() {
    return "ManifestFile(" + name + ", " + text.length() + " characters)";
  }
}
