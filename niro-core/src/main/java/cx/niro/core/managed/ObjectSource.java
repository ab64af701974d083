package cx.niro.core.managed;

import cx.niro.core.protocol.Range;
import cx.niro.core.snapshot.Text;
import org.jspecify.annotations.Nullable;

/**
 * Where a user wrote an object, for messages.
 *
 * @param document the how-manieth of the file, from 1
 * @param line where the document begins, from 1
 */
public record ObjectSource(
    @Nullable @Text(max = 256) String file,
    @Nullable @Range(min = 1) Integer document,
    @Nullable @Range(min = 1) Integer line) {}
