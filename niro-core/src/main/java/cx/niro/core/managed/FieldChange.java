package cx.niro.core.managed;

import cx.niro.core.snapshot.Text;
import org.jspecify.annotations.Nullable;

/**
 * A field that is not as wanted. Values are JSON, clipped; of Secrets they are hashes.
 *
 * @param path for example {@code /spec/replicas}
 * @param wanted null when the field is not wanted
 * @param live null when the field is not there
 * @param manager who changed it, if that is known
 */
public record FieldChange(
    @Text(max = 512) String path,
    @Nullable @Text(max = ManagedLimits.VALUE_CHARS) String wanted,
    @Nullable @Text(max = ManagedLimits.VALUE_CHARS) String live,
    @Nullable @Text(max = 253) String manager) {}
