package cx.niro.core.protocol;

/**
 * What the server has of the command now; it differs from what was sent when the result came too
 * late.
 */
public record ResultReply(CommandState state) {}
