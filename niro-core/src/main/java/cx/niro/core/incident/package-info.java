/**
 * Rules that tell from the state of a cluster what is wrong with it now. {@link
 * cx.niro.core.incident.DetectionEngine} asks every {@link cx.niro.core.incident.IncidentRule} for
 * its judgements and makes incidents of them; both are pure functions of what was known before,
 * what was seen, and the time they are given.
 */
@NullMarked
package cx.niro.core.incident;

import org.jspecify.annotations.NullMarked;
