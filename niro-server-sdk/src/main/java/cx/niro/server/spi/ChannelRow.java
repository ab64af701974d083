package cx.niro.server.spi;

import cx.niro.core.ChannelId;
import cx.niro.core.OrganizationId;
import cx.niro.core.Severity;
import java.time.Instant;

/**
 * A channel that notifications are sent through.
 *
 * @param name unique within the organization
 * @param kind which {@link Notifier} sends, for example {@code slack}
 * @param settings sealed under a key that no store knows
 */
public record ChannelRow(
    ChannelId id,
    OrganizationId organization,
    String name,
    String kind,
    boolean enabled,
    Severity minimumSeverity,
    ChannelSelector selector,
    String settings,
    Instant createdAt) {}
