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
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

record JdbcIncidentStore(Handle handle, Inserts inserts) implements IncidentStore {
  private static final Cursor.Ranked<IncidentRow> RANKED =
      new Cursor.Ranked<>(IncidentRow.class, JdbcIncidentStore::place, IncidentRow::cluster);

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
      WHERE (rank, since, seq) < (:rank, :since, :number) AND rank BETWEEN :least AND :most
        AND (:anySeverity OR severity IN (<severities>))
        AND (:anyType OR type IN (<types>))
        AND (:suppressed IS NULL OR (suppressed_by IS NOT NULL) = :suppressed)
      ORDER BY rank DESC, since DESC, seq DESC LIMIT :limit
      """;
  private static final String LIST_OF_FEW =
      LIST.replace("WHERE", "WHERE cluster IN (<clusters>) AND");

  @Override
  public boolean open(IncidentRow incident) {
    return inserts.run(
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
    return Cursor.ofClusters(clusters, page, RANKED, few -> list(few, filter));
  }

  private static RankedPlace place(Cursor.Numbered<IncidentRow> found) {
    return new RankedPlace(found.row().rank(), found.row().began().since(), found.seq());
  }

  /**
   * @param clusters empty for all
   */
  private Query list(Set<ClusterId> clusters, IncidentFilter filter) {
    Query query = handle.createQuery(clusters.isEmpty() ? LIST : LIST_OF_FEW);
    if (!clusters.isEmpty()) {
      query.bindList("clusters", List.copyOf(clusters));
    }
    List<String> severities = filter.severities().stream().map(Severity::name).toList();
    return query
        .bind("least", Boolean.TRUE.equals(filter.open()) ? 1 : 0)
        .bind("most", Boolean.FALSE.equals(filter.open()) ? 0 : Integer.MAX_VALUE)
        .bind("anySeverity", severities.isEmpty())
        .bindList("severities", severities.isEmpty() ? List.of("") : severities)
        .bind("anyType", filter.types().isEmpty())
        .bindList("types", filter.types().isEmpty() ? List.of("") : List.copyOf(filter.types()))
        .bindByType("suppressed", filter.suppressed(), Boolean.class);
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
