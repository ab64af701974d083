/**
 * Rules that judge whether a cluster is set up as it should be. A rule is a pure function of a
 * snapshot and yields findings; it does no I/O and knows no clock.
 */
@NullMarked
package cx.niro.core.policy;

import org.jspecify.annotations.NullMarked;
