package cx.niro.server.jdbc;

import cx.niro.core.ClusterId;
import cx.niro.core.OrganizationId;
import cx.niro.server.spi.ClusterRow;
import cx.niro.server.spi.ClusterStore;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

record JdbcClusterStore(Handle handle, Inserts inserts) implements ClusterStore {
  private static final String INSERT =
      """
      INSERT INTO niro_cluster (id, organization, name, environment, labels, unknown_after_seconds, offline_after_seconds,
        kube_system_uid, enrolled_at, rotate_keys_before, created_at)
      VALUES (:id, :organization, :name, :environment, :labels, :unknownAfterSeconds, :offlineAfterSeconds,
        :kubeSystemUid, :enrolledAt, :rotateKeysBefore, :createdAt)
      """;
  private static final String UPDATE =
      """
      UPDATE niro_cluster SET name = :name, environment = :environment, labels = :labels,
        unknown_after_seconds = :unknownAfterSeconds, offline_after_seconds = :offlineAfterSeconds,
        kube_system_uid = :kubeSystemUid, enrolled_at = :enrolledAt, rotate_keys_before = :rotateKeysBefore
      WHERE id = :id
      """;

  @Override
  public boolean insert(ClusterRow cluster) {
    return inserts.run(handle.createUpdate(INSERT).bindMethods(cluster));
  }

  @Override
  public Optional<ClusterRow> find(ClusterId id) {
    return handle
        .createQuery("SELECT * FROM niro_cluster WHERE id = :id")
        .bind("id", id)
        .mapTo(ClusterRow.class)
        .findOne();
  }

  @Override
  public boolean update(ClusterRow cluster) {
    return inserts.run(handle.createUpdate(UPDATE).bindMethods(cluster));
  }

  @Override
  public boolean delete(ClusterId id) {
    return handle.createUpdate("DELETE FROM niro_cluster WHERE id = :id").bind("id", id).execute()
        == 1;
  }

  @Override
  public List<ClusterRow> list(@Nullable ClusterId after, int limit) {
    return handle
        .createQuery("SELECT * FROM niro_cluster WHERE id > :after ORDER BY id LIMIT :limit")
        .bind("after", after == null ? "" : after.value())
        .bind("limit", limit)
        .mapTo(ClusterRow.class)
        .list();
  }

  @Override
  public Optional<ClusterRow> findByKubeSystemUid(
      OrganizationId organization, String kubeSystemUid) {
    return handle
        .createQuery(
            "SELECT * FROM niro_cluster WHERE organization = :organization AND kube_system_uid = :uid ORDER BY id LIMIT 1")
        .bind("organization", organization)
        .bind("uid", kubeSystemUid)
        .mapTo(ClusterRow.class)
        .findOne();
  }
}
