package cx.niro.server.internal.rest;

import cx.niro.server.spi.IncidentRow;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An incident. */
public record IncidentJson(
    String id,
    ClusterJson.Reference cluster,
    String type,
    String scope,
    String severity,
    String state,
    String summary,
    Map<String, List<String>> evidence,
    Instant since,
    Instant openedAt,
    @Nullable Instant resolvedAt,
    @Nullable String resolution) {
  public static final String FIRING = "firing";
  public static final String RESOLVED = "resolved";

  public static IncidentJson of(IncidentRow row, ClusterJson.Reference cluster) {
    IncidentRow.Telling telling = row.telling();
    IncidentRow.Resolved resolved = row.resolved();
    return new IncidentJson(
        row.id().value(),
        cluster,
        row.what().type().name(),
        row.what().scope().value(),
        telling.severity().wireName(),
        row.isOpen() ? FIRING : RESOLVED,
        telling.summary(),
        telling.evidence(),
        row.began().since(),
        row.began().openedAt(),
        resolved == null ? null : resolved.at(),
        resolved == null ? null : resolved.reason());
  }
}
