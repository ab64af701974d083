/**
 * What makes servers over the same stores equal: {@link cx.niro.server.internal.replica.Leases}
 * says who does what time brings about and how far everything heard is stored, {@link
 * cx.niro.server.internal.replica.TouchingStores} leaves word of what is written.
 */
@NullMarked
package cx.niro.server.internal.replica;

import org.jspecify.annotations.NullMarked;
