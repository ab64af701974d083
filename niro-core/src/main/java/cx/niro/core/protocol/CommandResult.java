package cx.niro.core.protocol;

import cx.niro.core.BootId;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of one attempt, or word that it runs.
 *
 * @param state {@code running}, or one of the final states but {@code expired} before the start
 * @param reason for people
 * @param output whatever the kind defines
 */
public record CommandResult(
    BootId bootId,
    @Range(min = 1, max = 1000) int attempt,
    CommandState state,
    @Nullable String reason,
    @Nullable RawJson output,
    @Nullable @Range Long startedAt,
    @Nullable @Range Long finishedAt) {}
