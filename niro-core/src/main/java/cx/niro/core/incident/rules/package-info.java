/**
 * The incident rules that Niro brings, listed by {@link cx.niro.core.incident.rules.StandardRules}.
 * Each is one small pure class written against the same API that embedders have, with its
 * thresholds at its top.
 */
@NullMarked
package cx.niro.core.incident.rules;

import org.jspecify.annotations.NullMarked;
