package cx.niro.core.managed;

import cx.niro.core.protocol.Range;
import java.util.List;

/**
 * The output of {@code diff}.
 *
 * @param objects those of the manifest, in its order
 */
public record DiffReport(
    @Range(min = 1) long revision,
    DriftState state,
    @Range(max = ManagedLimits.OBJECTS) List<ObjectDrift> objects,
    @Range(max = ManagedLimits.LISTED) List<CededField> ceded) {
  public DiffReport {
    objects = List.copyOf(objects);
    ceded = List.copyOf(ceded);
  }
}
