/**
 * How the agent's loops and its transport are made. Nothing here is API: it may change in any
 * release, and no public signature names a type of this package.
 */
@NullMarked
package cx.niro.agent.internal;

import org.jspecify.annotations.NullMarked;
