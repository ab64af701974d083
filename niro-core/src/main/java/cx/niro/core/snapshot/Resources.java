package cx.niro.core.snapshot;

import org.jspecify.annotations.Nullable;

/**
 * Amounts of compute, in canonical integers; null means that nothing was said, which is not zero.
 *
 * @param cpuMillis thousandths of a core
 */
public record Resources(
    @Nullable Long cpuMillis,
    @Nullable Long memoryBytes,
    @Nullable Long ephemeralStorageBytes,
    @Nullable Long pods) {}
