package cx.niro.core.snapshot;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A claim for storage.
 *
 * @param bindingMode the storage class's, for example {@code WaitForFirstConsumer}; null when the
 *     agent may not read it
 * @param mountedBy how many pods that are not finished mount it
 */
public record PersistentVolumeClaim(
    ObjectMeta meta,
    @Nullable String phase,
    @Nullable String storageClassName,
    @Nullable String bindingMode,
    List<String> accessModes,
    @Nullable String volumeName,
    @Nullable Long requestedBytes,
    @Nullable Long capacityBytes,
    @Nullable Integer mountedBy)
    implements Resource {

  public PersistentVolumeClaim {
    accessModes = Copy.list(accessModes);
  }

  @Override
  public PersistentVolumeClaim with(ObjectMeta next) {
    return new PersistentVolumeClaim(
        next,
        phase,
        storageClassName,
        bindingMode,
        accessModes,
        volumeName,
        requestedBytes,
        capacityBytes,
        mountedBy);
  }

  @Override
  public Section section() {
    return Section.PERSISTENT_VOLUME_CLAIMS;
  }
}
