/**
 * Rules of one's own beside the standard ones. Start with {@link cx.niro.samples.rules.HouseRules}.
 */
@NullMarked
package cx.niro.samples.rules;

import org.jspecify.annotations.NullMarked;
