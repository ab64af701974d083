package cx.niro.server;

import cx.niro.core.ClusterStatus;
import cx.niro.core.Severity;
import cx.niro.core.snapshot.ClusterInfo;
import cx.niro.server.spi.ClusterRow;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A cluster as a fleet screen shows it.
 *
 * @param statusReason one sentence: why it has this status
 * @param nodes null when not reported; the same for {@code pods}
 * @param incidents open ones by severity, without those that another one explains; a severity
 *     without any is left out
 * @param findings open ones of policies by severity
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
    Map<Severity, Integer> incidents,
    Map<Severity, Integer> findings) {
  public ClusterView {
    incidents = Map.copyOf(incidents);
    findings = Map.copyOf(findings);
  }

  /** How many incidents are open, without those that another one explains. */
  public int openIncidents() {
    return incidents.values().stream().mapToInt(Integer::intValue).sum();
  }
}
