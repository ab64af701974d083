/**
 * Rules that judge whether workloads are set up as they should be. {@link
 * cx.niro.core.policy.PolicyEngine} asks every {@link cx.niro.core.policy.PolicyRule} about every
 * workload of a snapshot; both are pure functions that do no I/O and know no clock.
 *
 * <p>Whoever drives it keeps the open {@link cx.niro.core.policy.Finding findings} of a cluster and
 * nothing else: evaluate whenever content, environment, profile or exemptions change, put {@link
 * cx.niro.core.policy.FindingChanges#diff} of the open ones and the result into the store in one
 * transaction, and if there is a {@link cx.niro.core.policy.PolicyEvaluation#recheckAfter},
 * evaluate again then. The last evaluation may be kept in memory to spare unchanged templates.
 */
@NullMarked
package cx.niro.core.policy;

import org.jspecify.annotations.NullMarked;
