/**
 * What an agent saw in its cluster at one moment: nodes, pods, workloads, warning events and the
 * rest, as records. A snapshot is a value; two snapshots can be compared, subtracted and merged,
 * and nothing in one changes after it was made.
 */
@NullMarked
package cx.niro.core.snapshot;

import org.jspecify.annotations.NullMarked;
