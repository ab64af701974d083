package cx.niro.server;

import cx.niro.core.ClusterStatus;
import cx.niro.core.snapshot.ClusterInfo;
import cx.niro.server.spi.ClusterRow;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A cluster as a fleet screen shows it.
 *
 * @param statusReason one sentence: why it has this status
 * @param nodes null when not reported; the same for {@code pods}
 */
public record ClusterView(
    ClusterRow cluster,
    ClusterStatus status,
    String statusReason,
    Instant statusSince,
    @Nullable Instant lastHeartbeatAt,
    ClusterInfo info,
    @Nullable Integer nodes,
    @Nullable Integer pods,
    int openIncidents) {}
