package cx.niro.core.managed;

import cx.niro.core.protocol.Range;
import java.util.List;

/**
 * How far an apply may go.
 *
 * @param adopt take fields over from {@code kubectl}
 * @param forceConflicts take fields over from anybody
 * @param removeData also delete objects that hold data, or others' objects: Namespaces,
 *     CustomResourceDefinitions, PersistentVolumeClaims, PersistentVolumes
 * @param cedeTo field managers whose fields are left to them
 */
public record ApplyOptions(
    boolean adopt,
    boolean forceConflicts,
    boolean removeData,
    @Range(max = ManagedLimits.CEDE_TO) List<String> cedeTo) {
  /** Takes nothing from anybody. */
  public static final ApplyOptions CAREFUL = new ApplyOptions(false, false, false, List.of());

  public ApplyOptions {
    cedeTo = List.copyOf(cedeTo);
  }
}
