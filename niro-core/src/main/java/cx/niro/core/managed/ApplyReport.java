package cx.niro.core.managed;

import cx.niro.core.protocol.Range;
import java.util.List;

/**
 * The output of {@code apply} and {@code delete}. A command whose status is not {@code succeeded}
 * ends as failed, or cancelled, with this output all the same.
 *
 * @param objects those of the manifest in its order, then those that are in the cluster only
 */
public record ApplyReport(
    @Range(min = 1) long revision,
    ApplyStatus status,
    @Range(max = 2L * ManagedLimits.OBJECTS) List<ObjectResult> objects,
    @Range(max = ManagedLimits.LISTED) List<CededField> ceded,
    @Range(max = ManagedLimits.LISTED) List<FieldConflict> conflicts) {
  public ApplyReport {
    objects = List.copyOf(objects);
    ceded = List.copyOf(ceded);
    conflicts = List.copyOf(conflicts);
  }
}
