package cx.niro.server.internal.rest;

import cx.niro.server.Incidents;
import cx.niro.server.spi.IncidentRow;
import cx.niro.server.spi.SilenceRow;
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
    @Nullable String resolution,
    @Nullable String suppressedBy,
    boolean flapping,
    @Nullable String groupKey,
    @Nullable Acknowledged acknowledged,
    @Nullable Silenced silenced) {
  public static final String FIRING = "firing";
  public static final String RESOLVED = "resolved";

  /** Who takes care of it. */
  public record Acknowledged(String by, Instant at, @Nullable String note) {
    static @Nullable Acknowledged of(IncidentRow.@Nullable Acknowledged row) {
      return row == null ? null : new Acknowledged(row.by(), row.at(), row.note());
    }
  }

  /** Until when it bothers nobody, and why. */
  public record Silenced(String id, Instant until, String by, String reason) {
    static @Nullable Silenced of(@Nullable SilenceRow row) {
      return row == null
          ? null
          : new Silenced(
              row.id().value(), row.endsAt(), row.origin().createdBy(), row.origin().reason());
    }
  }

  public static IncidentJson of(Incidents.View view, ClusterJson.Reference cluster) {
    IncidentRow row = view.incident();
    IncidentRow.Telling telling = row.telling();
    IncidentRow.Resolved resolved = row.resolved();
    IncidentRow.Attention attention = row.attention();
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
        resolved == null ? null : resolved.reason(),
        view.suppressedBy() == null ? null : view.suppressedBy().value(),
        attention.flappingSince() != null,
        attention.groupKey(),
        Acknowledged.of(attention.acknowledged()),
        Silenced.of(view.silencedBy()));
  }
}
