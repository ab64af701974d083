package cx.niro.server.spi;

import cx.niro.core.ClusterId;
import cx.niro.core.IncidentId;
import cx.niro.core.Severity;
import cx.niro.core.incident.Fingerprint;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.incident.Scope;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An incident; it is open while {@code resolvedAt} is null.
 *
 * @param since when the condition began, which may be earlier than {@code openedAt}
 * @param resolution why it ended
 */
public record IncidentRow(
    IncidentId id,
    ClusterId cluster,
    Fingerprint fingerprint,
    IncidentType type,
    Scope scope,
    Severity severity,
    String summary,
    Map<String, List<String>> evidence,
    Instant since,
    Instant openedAt,
    @Nullable Instant resolvedAt,
    @Nullable String resolution) {
  public IncidentRow {
    evidence = Map.copyOf(evidence);
  }
}
