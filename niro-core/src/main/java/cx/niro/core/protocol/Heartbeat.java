package cx.niro.core.protocol;

import cx.niro.core.BootId;
import cx.niro.core.snapshot.Usage;
import org.jspecify.annotations.Nullable;

/**
 * One beat.
 *
 * @param sequence 1, 2, 3 … within one boot id; a resent beat repeats its number
 * @param usage figures that moved since the last accepted beat
 */
public record Heartbeat(
    BootId bootId,
    @Range(min = 1) long sequence,
    BeatTiming timing,
    BeatContent content,
    @Nullable Usage usage) {}
