/**
 * The words that agent and server share: ids, the status of a cluster, and the one root exception
 * with its error codes. Everything here is an immutable value or a pure function, so it may be used
 * from any thread.
 */
@NullMarked
package cx.niro.core;

import org.jspecify.annotations.NullMarked;
