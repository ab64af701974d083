package cx.niro.core.snapshot;

import org.jspecify.annotations.Nullable;

/**
 * A condition of an object's status, as Kubernetes has it.
 *
 * @param status {@code True}, {@code False} or {@code Unknown}
 * @param lastTransitionAt epoch milliseconds of the cluster's clock
 */
public record Condition(
    String type,
    String status,
    @Nullable String reason,
    @Nullable @Text(max = 256) String message,
    @Nullable Long lastTransitionAt) {}
