/**
 * How servers over the same stores hand on what is in memory only, streams of log lines: {@link
 * cx.niro.server.internal.relay.Relay} knows the others, asks them to ask an agent, and carries its
 * pieces to the server that has the viewer.
 */
@NullMarked
package cx.niro.server.internal.relay;

import org.jspecify.annotations.NullMarked;
