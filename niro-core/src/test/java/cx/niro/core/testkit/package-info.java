/**
 * Things that tests of agents and servers share: time that moves when told to, executors that run
 * when told to, and generators of snapshots.
 */
@NullMarked
package cx.niro.core.testkit;

import org.jspecify.annotations.NullMarked;
