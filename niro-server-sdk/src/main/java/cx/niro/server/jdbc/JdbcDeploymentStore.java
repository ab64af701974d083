package cx.niro.server.jdbc;

import cx.niro.core.ClusterId;
import cx.niro.core.DeploymentId;
import cx.niro.server.spi.DeploymentRow;
import cx.niro.server.spi.DeploymentStore;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

record JdbcDeploymentStore(Handle handle, Inserts inserts) implements DeploymentStore {
  private static final String INSERT =
      """
      INSERT INTO niro_deployment (id, cluster, name, namespace, created_by, created_at, revision, options, deleted, updated_at,
        attempt, status, command, reason, last_sync_at, drift_state, drift_since, drift_at, drift_report,
        look_command, look_mark, look_at, look_fruitless)
      VALUES (:id, :cluster, :name, :namespace, :origin.createdBy, :origin.createdAt, :wanted.revision, :wanted.options,
        :wanted.deleted, :wanted.updatedAt, :applied.attempt, :applied.status, :applied.command, :applied.reason,
        :applied.lastSyncAt, :drift?.state, :drift?.since, :drift?.checkedAt, :drift?.report,
        :look?.command, :look?.mark, :look?.askedAt, :look?.fruitless)
      """;
  private static final String UPDATE =
      """
      UPDATE niro_deployment SET revision = :wanted.revision, options = :wanted.options, deleted = :wanted.deleted,
        updated_at = :wanted.updatedAt, attempt = :applied.attempt, status = :applied.status, command = :applied.command,
        reason = :applied.reason, last_sync_at = :applied.lastSyncAt, drift_state = :drift?.state,
        drift_since = :drift?.since, drift_at = :drift?.checkedAt, drift_report = :drift?.report,
        look_command = :look?.command, look_mark = :look?.mark, look_at = :look?.askedAt, look_fruitless = :look?.fruitless
      WHERE id = :id
        AND revision = :seen.wanted.revision AND deleted = :seen.wanted.deleted AND updated_at = :seen.wanted.updatedAt
        AND attempt = :seen.applied.attempt AND status = :seen.applied.status AND command = :seen.applied.command
        AND drift_at IS NOT DISTINCT FROM CAST(:seen.drift?.checkedAt AS TIMESTAMP WITH TIME ZONE)
        AND look_at IS NOT DISTINCT FROM CAST(:seen.look?.askedAt AS TIMESTAMP WITH TIME ZONE)
        AND look_command IS NOT DISTINCT FROM CAST(:seen.look?.command AS VARCHAR)
      """;

  @Override
  public boolean insert(DeploymentRow deployment) {
    return inserts.run(handle.createUpdate(INSERT).bindMethods(deployment));
  }

  @Override
  public Optional<DeploymentRow> find(ClusterId cluster, String name) {
    return handle
        .createQuery("SELECT * FROM niro_deployment WHERE cluster = :cluster AND name = :name")
        .bind("cluster", cluster)
        .bind("name", name)
        .mapTo(DeploymentRow.class)
        .findOne();
  }

  @Override
  public boolean update(DeploymentRow seen, DeploymentRow next) {
    return handle.createUpdate(UPDATE).bindMethods(next).bindMethods("seen", seen).execute() == 1;
  }

  @Override
  public boolean delete(DeploymentId id) {
    return handle
            .createUpdate("DELETE FROM niro_deployment WHERE id = :id")
            .bind("id", id)
            .execute()
        == 1;
  }

  @Override
  public List<DeploymentRow> list(ClusterId cluster) {
    return handle
        .createQuery("SELECT * FROM niro_deployment WHERE cluster = :cluster ORDER BY name")
        .bind("cluster", cluster)
        .mapTo(DeploymentRow.class)
        .map(DeploymentRow::withoutReport)
        .list();
  }
}
