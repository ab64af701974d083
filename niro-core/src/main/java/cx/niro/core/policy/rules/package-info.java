/**
 * The policies that Niro brings: the eight of its documentation, the Pod Security Standards by
 * version of Kubernetes, and two more. {@link cx.niro.core.policy.rules.StandardPolicies} lists
 * them.
 */
@NullMarked
package cx.niro.core.policy.rules;

import org.jspecify.annotations.NullMarked;
