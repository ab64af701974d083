/**
 * The server side of Niro as a library, opened by {@link cx.niro.server.NiroServer}: the fleet and
 * its status, commands, and incidents. It opens no port and owns no database; it makes threads only
 * where it is given no executor, and the embedding program mounts it where it likes.
 */
@NullMarked
package cx.niro.server;

import org.jspecify.annotations.NullMarked;
