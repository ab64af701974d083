package cx.niro.server.spi;

import cx.niro.core.ChannelId;
import java.time.Instant;

/**
 * What one channel tells as one message.
 *
 * @param dueAt when to look at it next
 * @param state a text of the server's, up to some megabytes
 */
public record GroupRow(ChannelId channel, String groupKey, Instant dueAt, String state) {}
