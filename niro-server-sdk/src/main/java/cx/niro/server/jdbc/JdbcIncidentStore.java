package cx.niro.server.jdbc;

import cx.niro.core.ClusterId;
import cx.niro.core.IncidentId;
import cx.niro.core.Severity;
import cx.niro.core.incident.Fingerprint;
import cx.niro.server.spi.IncidentFilter;
import cx.niro.server.spi.IncidentRow;
import cx.niro.server.spi.IncidentStore;
import cx.niro.server.spi.Page;
import cx.niro.server.spi.RankedPlace;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

record JdbcIncidentStore(Handle handle, Dialect dialect) implements IncidentStore {
  private static final String INSERT =
      """
      INSERT INTO niro_incident (id, cluster, fingerprint, open_fingerprint, type, scope, severity, summary, evidence, since,
        opened_at, resolved_at, resolution, rank, acknowledged_by, acknowledged_at,
        acknowledged_note, suppressed_by, flapping_since, group_key)
      VALUES (:id, :cluster, :what.fingerprint, :openFingerprint, :what.type, :what.scope, :telling.severity,
        :telling.summary, :telling.evidence, :began.since, :began.openedAt, :resolved?.at, :resolved?.reason,
        :rank, :attention.acknowledged?.by, :attention.acknowledged?.at, :attention.acknowledged?.note, :attention.suppressedBy, :attention.flappingSince,
        :attention.groupKey)
      """;
  private static final String UPDATE =
      """
      UPDATE niro_incident SET severity = :telling.severity, summary = :telling.summary, evidence = :telling.evidence,
        resolved_at = :resolved?.at, resolution = :resolved?.reason, open_fingerprint = :openFingerprint,
        rank = :rank, acknowledged_by = :attention.acknowledged?.by, acknowledged_at = :attention.acknowledged?.at,
        acknowledged_note = :attention.acknowledged?.note,
        suppressed_by = :attention.suppressedBy, flapping_since = :attention.flappingSince,
        group_key = :attention.groupKey
      WHERE id = :id
      """;
  private static final String LIST =
      """
      SELECT * FROM niro_incident
      WHERE cluster IN (<clusters>) AND (rank, since, seq) < (:rank, :since, :number)
        AND (:open IS NULL OR (open_fingerprint IS NOT NULL) = :open)
        AND (:anySeverity OR severity IN (<severities>))
        AND (:anyType OR type IN (<types>))
        AND (:suppressed IS NULL OR (suppressed_by IS NOT NULL) = :suppressed)
      ORDER BY rank DESC, since DESC, seq DESC LIMIT :limit
      """;

  @Override
  public boolean open(IncidentRow incident) {
    return dialect.insert(
        handle
            .createUpdate(INSERT)
            .bindMethods(incident)
            .bind("openFingerprint", openFingerprint(incident)));
  }

  @Override
  public Optional<IncidentRow> find(IncidentId id) {
    return handle
        .createQuery("SELECT * FROM niro_incident WHERE id = :id")
        .bind("id", id)
        .mapTo(IncidentRow.class)
        .findOne();
  }

  @Override
  public Optional<IncidentRow> findOpen(ClusterId cluster, Fingerprint fingerprint) {
    return handle
        .createQuery(
            "SELECT * FROM niro_incident WHERE cluster = :cluster AND open_fingerprint = :fingerprint")
        .bind("cluster", cluster)
        .bind("fingerprint", fingerprint)
        .mapTo(IncidentRow.class)
        .findOne();
  }

  @Override
  public void update(IncidentRow incident) {
    handle
        .createUpdate(UPDATE)
        .bindMethods(incident)
        .bind("openFingerprint", openFingerprint(incident))
        .execute();
  }

  private static @Nullable Fingerprint openFingerprint(IncidentRow incident) {
    return incident.isOpen() ? incident.what().fingerprint() : null;
  }

  @Override
  public List<IncidentRow> openOf(ClusterId cluster) {
    return handle
        .createQuery(
            "SELECT * FROM niro_incident WHERE cluster = :cluster AND open_fingerprint IS NOT NULL ORDER BY seq")
        .bind("cluster", cluster)
        .mapTo(IncidentRow.class)
        .list();
  }

  @Override
  public Page<IncidentRow> list(Set<ClusterId> clusters, IncidentFilter filter, Page.Request page) {
    if (clusters.isEmpty()) {
      return new Page<>(List.of(), null);
    }
    List<String> severities = filter.severities().stream().map(Severity::name).toList();
    return Cursor.ranked(
        page,
        (after, limit) ->
            handle
                .createQuery(LIST)
                .bindList("clusters", List.copyOf(clusters))
                .bindByType("open", filter.open(), Boolean.class)
                .bind("anySeverity", severities.isEmpty())
                .bindList("severities", severities.isEmpty() ? List.of("") : severities)
                .bind("anyType", filter.types().isEmpty())
                .bindList(
                    "types", filter.types().isEmpty() ? List.of("") : List.copyOf(filter.types()))
                .bindByType("suppressed", filter.suppressed(), Boolean.class)
                .bindMethods(after)
                .bind("limit", limit)
                .map(Cursor.numbered(IncidentRow.class))
                .list(),
        found -> new RankedPlace(found.row().rank(), found.row().began().since(), found.seq()));
  }

  @Override
  public boolean deleteResolved(IncidentId id) {
    return handle
            .createUpdate("DELETE FROM niro_incident WHERE id = :id AND open_fingerprint IS NULL")
            .bind("id", id)
            .execute()
        == 1;
  }
}
