package cx.niro.core.managed;

import cx.niro.core.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * One object as its user wants it.
 *
 * @param object a Kubernetes object, which may leave its namespace out
 */
public record ManifestObject(@Nullable ObjectSource source, RawJson object) {}
