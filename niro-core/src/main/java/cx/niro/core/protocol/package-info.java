/**
 * The messages that agent and server exchange and the one door through which they become JSON and
 * back. Input is treated as hostile: decoding checks every limit and fails with one exception that
 * names the path and the limit.
 */
@NullMarked
package cx.niro.core.protocol;

import org.jspecify.annotations.NullMarked;
