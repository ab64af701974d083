/**
 * The server side of Niro as a library: the fleet and its status, commands, and incidents. It opens
 * no port, owns no database and starts no thread that it was not given; the embedding program
 * mounts it where it likes.
 */
@NullMarked
package cx.niro.server;

import org.jspecify.annotations.NullMarked;
