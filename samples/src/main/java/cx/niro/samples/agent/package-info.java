/**
 * Agents for things that are not Kubernetes. Start with {@link
 * cx.niro.samples.agent.SmallestAgentMain}.
 */
@NullMarked
package cx.niro.samples.agent;

import org.jspecify.annotations.NullMarked;
