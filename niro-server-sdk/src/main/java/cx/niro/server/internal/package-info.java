/**
 * How ingest, parked polls, sweeping and detection are made. Nothing here is API: it may change in
 * any release, and no public signature names a type of this package.
 */
@NullMarked
package cx.niro.server.internal;

import org.jspecify.annotations.NullMarked;
