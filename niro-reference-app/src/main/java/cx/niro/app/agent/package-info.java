/**
 * The agent as a process: the agent SDK's Kubernetes side wired to the environment that the
 * installer sets, and a doctor for when it does not work.
 */
@NullMarked
package cx.niro.app.agent;

import org.jspecify.annotations.NullMarked;
