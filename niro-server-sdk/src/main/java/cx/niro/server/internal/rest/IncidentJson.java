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
    return new IncidentJson(
        row.id().value(),
        cluster,
        row.type().name(),
        row.scope().value(),
        row.severity().wireName(),
        row.resolvedAt() == null ? FIRING : RESOLVED,
        row.summary(),
        row.evidence(),
        row.since(),
        row.openedAt(),
        row.resolvedAt(),
        row.resolution());
  }
}
