package cx.niro.core.managed;

import cx.niro.core.snapshot.Text;
import org.jspecify.annotations.Nullable;

/**
 * What became of one object.
 *
 * @param message why, where the action does not say it; never a value of a Secret
 * @param source where the user wrote it; null for objects that are only in the cluster
 */
public record ObjectResult(
    ObjectRef object,
    ObjectAction action,
    @Nullable @Text(max = ManagedLimits.MESSAGE_CHARS) String message,
    @Nullable ObjectSource source) {}
