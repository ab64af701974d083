/**
 * Stand-ins for the other ends of an agent, a Niro server and a Kubernetes API server, and the
 * virtual fleet made of real agents.
 */
@NullMarked
package cx.niro.agent.testkit;

import org.jspecify.annotations.NullMarked;
