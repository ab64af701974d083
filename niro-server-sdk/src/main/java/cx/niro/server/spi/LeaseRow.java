package cx.niro.server.spi;

import java.time.Instant;

/**
 * Something that one server has until a moment by the stores' clock: a kind of work, or a row that
 * says it is alive.
 *
 * @param listeningSince since when it, or a server before it, has heard agents without a gap
 * @param flushedUpTo whatever it heard up to then is in the stores
 */
public record LeaseRow(
    String name, String owner, Instant endsAt, Instant listeningSince, Instant flushedUpTo) {}
