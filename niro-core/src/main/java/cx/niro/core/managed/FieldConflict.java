package cx.niro.core.managed;

import cx.niro.core.protocol.Range;
import cx.niro.core.snapshot.Text;
import java.util.List;

/**
 * Fields that the manifest wants and another manager owns.
 *
 * @param fields as the API server names them, for example {@code .spec.replicas}
 * @param taken whether they were taken over; else nothing of the object was applied
 */
public record FieldConflict(
    ObjectRef object,
    @Text(max = 253) String manager,
    @Range(max = ManagedLimits.FIELDS) List<String> fields,
    boolean taken) {
  public FieldConflict {
    fields = List.copyOf(fields);
  }
}
