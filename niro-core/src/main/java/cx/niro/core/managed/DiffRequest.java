package cx.niro.core.managed;

import cx.niro.core.protocol.Range;
import cx.niro.core.protocol.Token;
import java.util.List;

/** The payload of {@code diff}: compare the cluster with what a revision wants. */
public record DiffRequest(
    @Token(max = ManagedLimits.NAME_CHARS) String name,
    @Token(max = 63) String namespace,
    @Range(min = 1) long revision,
    @Range(max = ManagedLimits.CEDE_TO) List<String> cedeTo,
    @Range(max = ManagedLimits.OBJECTS) List<ManifestObject> objects) {
  public DiffRequest {
    cedeTo = List.copyOf(cedeTo);
    objects = List.copyOf(objects);
  }
}
