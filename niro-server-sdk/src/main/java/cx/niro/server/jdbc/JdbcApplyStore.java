package cx.niro.server.jdbc;

import cx.niro.core.CommandId;
import cx.niro.core.DeploymentId;
import cx.niro.server.spi.ApplyRow;
import cx.niro.server.spi.ApplyStore;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

record JdbcApplyStore(Handle handle, Inserts inserts) implements ApplyStore {
  private static final String INSERT =
      """
      INSERT INTO niro_apply (deployment, attempt, revision, command, requested_by, requested_at, status, reason, finished_at,
        report)
      VALUES (:deployment, :attempt, :revision, :command, :requestedBy, :requestedAt, :status, :reason, :finishedAt, :report)
      """;
  private static final String UPDATE =
      """
      UPDATE niro_apply SET status = :status, reason = :reason, finished_at = :finishedAt, report = :report
      WHERE deployment = :deployment AND attempt = :attempt
      """;
  private static final String FORGET =
      "DELETE FROM niro_apply WHERE deployment = :deployment AND attempt <= :attempt";
  private static final String FORGET_MANIFESTS =
      """
      DELETE FROM niro_manifest WHERE deployment = :deployment
        AND revision NOT IN (SELECT revision FROM niro_apply WHERE deployment = :deployment)
      """;

  @Override
  public void append(ApplyRow apply) {
    if (!inserts.run(handle.createUpdate(INSERT).bindMethods(apply))) {
      return;
    }
    int forgotten =
        handle
            .createUpdate(FORGET)
            .bind("deployment", apply.deployment())
            .bind("attempt", apply.attempt() - KEPT)
            .execute();
    if (forgotten > 0) {
      handle.createUpdate(FORGET_MANIFESTS).bind("deployment", apply.deployment()).execute();
    }
  }

  @Override
  public void update(ApplyRow apply) {
    handle.createUpdate(UPDATE).bindMethods(apply).execute();
  }

  @Override
  public List<ApplyRow> list(DeploymentId deployment) {
    return handle
        .createQuery(
            "SELECT * FROM niro_apply WHERE deployment = :deployment ORDER BY attempt DESC")
        .bind("deployment", deployment)
        .mapTo(ApplyRow.class)
        .list();
  }

  @Override
  public Optional<ApplyRow> find(CommandId command) {
    return handle
        .createQuery("SELECT * FROM niro_apply WHERE command = :command")
        .bind("command", command)
        .mapTo(ApplyRow.class)
        .findOne();
  }

  @Override
  public void putManifests(DeploymentId deployment, long revision, String manifests) {
    inserts.run(
        handle
            .createUpdate(
                "INSERT INTO niro_manifest (deployment, revision, manifests) VALUES (:deployment, :revision, :manifests)")
            .bind("deployment", deployment)
            .bind("revision", revision)
            .bind("manifests", manifests));
  }

  @Override
  public Optional<String> manifests(DeploymentId deployment, long revision) {
    return handle
        .createQuery(
            "SELECT manifests FROM niro_manifest WHERE deployment = :deployment AND revision = :revision")
        .bind("deployment", deployment)
        .bind("revision", revision)
        .mapTo(String.class)
        .findOne();
  }
}
