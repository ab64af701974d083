package cx.niro.server.jdbc;

import cx.niro.core.ClusterId;
import cx.niro.core.Severity;
import cx.niro.core.incident.Fingerprint;
import cx.niro.server.spi.FindingFilter;
import cx.niro.server.spi.FindingRow;
import cx.niro.server.spi.FindingStore;
import cx.niro.server.spi.Page;
import cx.niro.server.spi.PolicySettings;
import cx.niro.server.spi.RankedPlace;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;

record JdbcFindingStore(Handle handle, Inserts inserts) implements FindingStore {
  private static final int BATCH = 500;
  private static final Cursor.Ranked<FindingRow> RANKED =
      new Cursor.Ranked<>(FindingRow.class, JdbcFindingStore::place, FindingRow::cluster);

  private static final String INSERT =
      """
      INSERT INTO niro_finding (cluster, fingerprint, rule, scope, namespace, severity, message, evidence, fix, since, exemption,
        rank)
      VALUES (:cluster, :fingerprint, :finding.rule, :finding.scope, :namespace, :finding.severity, :finding.message,
        :finding.evidence, :finding.fix, :since, :exemption, :rank)
      """;
  private static final String UPDATE =
      """
      UPDATE niro_finding SET severity = :finding.severity, message = :finding.message, evidence = :finding.evidence,
        fix = :finding.fix, since = :since, exemption = :exemption, rank = :rank
      WHERE cluster = :cluster AND fingerprint = :fingerprint
      """;
  private static final String LIST =
      """
      SELECT * FROM niro_finding
      WHERE (rank, since, seq) < (:rank, :since, :number) AND rank BETWEEN :least AND :most
        AND (:anyRule OR rule IN (<rules>))
        AND (:anySeverity OR severity IN (<severities>))
        AND (:anyNamespace OR namespace IN (<namespaces>))
      ORDER BY rank DESC, since DESC, seq DESC LIMIT :limit
      """;
  private static final String LIST_OF_FEW =
      LIST.replace("WHERE", "WHERE cluster IN (<clusters>) AND");

  @Override
  public List<FindingRow> of(ClusterId cluster) {
    return handle
        .createQuery("SELECT * FROM niro_finding WHERE cluster = :cluster ORDER BY seq")
        .bind("cluster", cluster)
        .mapTo(FindingRow.class)
        .list();
  }

  @Override
  public void put(Collection<FindingRow> findings) {
    Map<List<Object>, FindingRow> last = new LinkedHashMap<>();
    findings.forEach(row -> last.put(List.of(row.cluster(), row.fingerprint()), row));
    List<FindingRow> rows = List.copyOf(last.values());
    boolean there = true;
    for (int from = 0; there && from < rows.size(); from += BATCH) {
      there = putSome(rows.subList(from, Math.min(from + BATCH, rows.size())));
    }
  }

  /** False when the cluster is gone. A first beat brings a hundred of them and more. */
  private boolean putSome(List<FindingRow> rows) {
    PreparedBatch updates = handle.prepareBatch(UPDATE);
    rows.forEach(row -> updates.bindMethods(row).add());
    int[] updated = updates.execute();
    PreparedBatch fresh = handle.prepareBatch(INSERT);
    for (int i = 0; i < updated.length; i++) {
      if (updated[i] == 0) {
        fresh.bindMethods(rows.get(i)).add();
      }
    }
    int count = fresh.size();
    return count == 0 || inserts.run(handle, () -> fresh.execute().length == count);
  }

  @Override
  public void remove(ClusterId cluster, Collection<Fingerprint> fingerprints) {
    if (fingerprints.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        handle.prepareBatch(
            "DELETE FROM niro_finding WHERE cluster = :cluster AND fingerprint = :fingerprint");
    for (Fingerprint fingerprint : fingerprints) {
      batch.bind("cluster", cluster).bind("fingerprint", fingerprint).add();
      if (batch.size() == BATCH) {
        batch.execute();
      }
    }
    batch.execute();
  }

  @Override
  public Page<FindingRow> list(Set<ClusterId> clusters, FindingFilter filter, Page.Request page) {
    return Cursor.ofClusters(clusters, page, RANKED, few -> list(few, filter));
  }

  private static RankedPlace place(Cursor.Numbered<FindingRow> found) {
    return new RankedPlace(found.row().rank(), found.row().since(), found.seq());
  }

  /**
   * @param clusters empty for all
   */
  private Query list(Set<ClusterId> clusters, FindingFilter filter) {
    Query query = handle.createQuery(clusters.isEmpty() ? LIST : LIST_OF_FEW);
    if (!clusters.isEmpty()) {
      query.bindList("clusters", List.copyOf(clusters));
    }
    List<String> severities = filter.severities().stream().map(Severity::name).toList();
    return query
        .bind("least", Boolean.FALSE.equals(filter.exempt()) ? 1 : 0)
        .bind("most", Boolean.TRUE.equals(filter.exempt()) ? 0 : Integer.MAX_VALUE)
        .bind("anyRule", filter.rules().isEmpty())
        .bindList("rules", orBlank(filter.rules()))
        .bind("anySeverity", severities.isEmpty())
        .bindList("severities", orBlank(severities))
        .bind("anyNamespace", filter.namespaces().isEmpty())
        .bindList("namespaces", orBlank(filter.namespaces()));
  }

  private static List<String> orBlank(Collection<String> values) {
    return values.isEmpty() ? List.of("") : List.copyOf(values);
  }

  private record Count(Severity severity, int number) {}

  @Override
  public Map<Severity, Integer> openCounts(ClusterId cluster) {
    Map<Severity, Integer> counts = new EnumMap<>(Severity.class);
    handle
        .createQuery(
            "SELECT severity, COUNT(*) AS number FROM niro_finding WHERE cluster = :cluster AND exemption IS NULL GROUP BY severity")
        .bind("cluster", cluster)
        .map(
            (rs, context) ->
                new Count(Severity.valueOf(rs.getString("severity")), rs.getInt("number")))
        .forEach(count -> counts.put(count.severity(), count.number()));
    return counts;
  }

  @Override
  public Optional<PolicySettings> settings(ClusterId cluster) {
    return handle
        .createQuery("SELECT settings FROM niro_policy WHERE cluster = :cluster")
        .bind("cluster", cluster)
        .mapTo(String.class)
        .findOne()
        .map(text -> JsonColumn.record(PolicySettings.class, text));
  }

  @Override
  public void save(ClusterId cluster, PolicySettings settings) {
    String text = JsonColumn.text(settings);
    int updated =
        handle
            .createUpdate("UPDATE niro_policy SET settings = :settings WHERE cluster = :cluster")
            .bind("cluster", cluster)
            .bind("settings", text)
            .execute();
    if (updated == 0) {
      inserts.run(
          handle
              .createUpdate(
                  "INSERT INTO niro_policy (cluster, settings) VALUES (:cluster, :settings)")
              .bind("cluster", cluster)
              .bind("settings", text));
    }
  }
}
