/**
 * Rules that tell from the state of a cluster what is wrong with it now. Rules and the transitions
 * of an incident are pure functions of what was known before, what was seen, and the time they are
 * given.
 */
@NullMarked
package cx.niro.core.incident;

import org.jspecify.annotations.NullMarked;
