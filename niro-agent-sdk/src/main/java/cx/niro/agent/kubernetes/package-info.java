/**
 * The agent's Kubernetes side: it lists and watches what its grants allow and turns it into
 * snapshots. Only this package knows the Kubernetes client, an optional dependency, so an agent for
 * something else needs none of it.
 */
@NullMarked
package cx.niro.agent.kubernetes;

import org.jspecify.annotations.NullMarked;
