package cx.niro.core.protocol;

import cx.niro.core.CommandId;
import org.jspecify.annotations.Nullable;

/**
 * One command as it is handed to an agent.
 *
 * @param kind {@code ping} and other built-in kinds, or {@code vendor.name}
 * @param attempt 1 for the first offer
 * @param remainingSeconds until the deadline; an agent does not start after it
 * @param orderKey commands with the same key are never in an agent's hands together
 */
public record CommandOffer(
    CommandId id,
    @Token(max = 64) String kind,
    RawJson payload,
    @Range(min = 1, max = 1000) int attempt,
    @Nullable @Range Long remainingSeconds,
    @Nullable String orderKey) {}
