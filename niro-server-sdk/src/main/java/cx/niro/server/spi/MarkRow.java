package cx.niro.server.spi;

import cx.niro.core.ClusterId;
import java.time.Instant;

/**
 * Something about a cluster's incidents changed that a channel may have to tell.
 *
 * @param groupKey of the group that it belongs to
 * @param urgent whether it got worse
 */
public record MarkRow(ClusterId cluster, String groupKey, boolean urgent, Instant at) {}
