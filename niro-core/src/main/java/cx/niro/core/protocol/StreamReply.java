package cx.niro.core.protocol;

import org.jspecify.annotations.Nullable;

/**
 * The answer to a piece of a stream.
 *
 * @param stop nobody reads any more: send nothing further
 * @param maxLinesPerSecond what may be sent; null for no change
 */
public record StreamReply(boolean stop, @Nullable @Range(min = 1) Integer maxLinesPerSecond) {}
