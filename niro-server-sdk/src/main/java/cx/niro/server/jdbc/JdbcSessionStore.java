package cx.niro.server.jdbc;

import cx.niro.core.BootId;
import cx.niro.core.ClusterId;
import cx.niro.server.spi.SessionRow;
import cx.niro.server.spi.SessionStore;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;

record JdbcSessionStore(Handle handle, Inserts inserts) implements SessionStore {
  private static final int BOOTS_KEPT = 100;
  private static final String INSERT =
      """
      INSERT INTO niro_session (cluster, boot_id, boot_generation, sequence, superseded_at, goodbye_at, goodbye_reason,
        detection_state, recheck_at, version)
      VALUES (:cluster, :bootId, :bootGeneration, :sequence, :supersededAt, :goodbyeAt, :goodbyeReason,
        :detectionState, :recheckAt, :version)
      """;
  private static final String UPDATE =
      """
      UPDATE niro_session SET boot_id = :bootId, boot_generation = :bootGeneration, sequence = :sequence,
        superseded_at = :supersededAt, goodbye_at = :goodbyeAt, goodbye_reason = :goodbyeReason,
        detection_state = :detectionState, recheck_at = :recheckAt, version = :version
      WHERE cluster = :cluster AND version = :version - 1
        AND (boot_generation < :bootGeneration OR (boot_generation = :bootGeneration AND sequence <= :sequence))
      """;

  @Override
  public Optional<SessionRow> find(ClusterId cluster) {
    return handle
        .createQuery("SELECT * FROM niro_session WHERE cluster = :cluster")
        .bind("cluster", cluster)
        .mapTo(SessionRow.class)
        .findOne();
  }

  @Override
  public boolean save(SessionRow next) {
    boolean saved =
        next.version() == 1
            ? inserts.run(handle.createUpdate(INSERT).bindMethods(next))
            : handle.createUpdate(UPDATE).bindMethods(next).execute() == 1;
    if (saved && next.bootId() != null && generation(next.cluster(), next.bootId()).isEmpty()) {
      rememberBoot(next);
    }
    return saved;
  }

  private void rememberBoot(SessionRow row) {
    handle
        .createUpdate(
            "INSERT INTO niro_boot (cluster, boot_id, generation) VALUES (:cluster, :bootId, :bootGeneration)")
        .bindMethods(row)
        .execute();
    handle
        .createUpdate("DELETE FROM niro_boot WHERE cluster = :cluster AND generation <= :oldest")
        .bind("cluster", row.cluster())
        .bind("oldest", row.bootGeneration() - BOOTS_KEPT)
        .execute();
  }

  @Override
  public OptionalLong generation(ClusterId cluster, BootId bootId) {
    return handle
        .createQuery(
            "SELECT generation FROM niro_boot WHERE cluster = :cluster AND boot_id = :bootId")
        .bind("cluster", cluster)
        .bind("bootId", bootId)
        .mapTo(Long.class)
        .findOne()
        .map(OptionalLong::of)
        .orElse(OptionalLong.empty());
  }
}
