/**
 * Kubernetes manifests as people write them: YAML or JSON, many documents, lists. Start at {@link
 * cx.niro.server.manifest.ManifestSet}. Values mean what {@code kubectl} takes them for, and what
 * is wrong is told with file, document and line, never with a value.
 */
@NullMarked
package cx.niro.server.manifest;

import org.jspecify.annotations.NullMarked;
