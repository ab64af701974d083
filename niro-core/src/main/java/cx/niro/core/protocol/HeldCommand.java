package cx.niro.core.protocol;

import cx.niro.core.CommandId;

/**
 * A command that the agent still holds; a final state means that its result waits to be confirmed.
 */
public record HeldCommand(
    CommandId id, CommandState state, @Range(min = 1, max = 1000) int attempt) {}
