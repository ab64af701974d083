package cx.niro.core.managed;

import cx.niro.core.protocol.Range;
import cx.niro.core.protocol.Token;
import java.util.List;

/**
 * The payload of {@code apply}: make the cluster hold these objects, and no others of this
 * deployment.
 *
 * @param name unique in its cluster
 * @param namespace for objects that name none
 * @param revision rises with each change; an agent refuses one lower than it has seen
 */
public record ApplyRequest(
    @Token(max = ManagedLimits.NAME_CHARS) String name,
    @Token(max = 63) String namespace,
    @Range(min = 1) long revision,
    ApplyOptions options,
    @Range(max = ManagedLimits.OBJECTS) List<ManifestObject> objects) {
  public ApplyRequest {
    objects = List.copyOf(objects);
  }
}
