package cx.niro.server.jdbc;

import cx.niro.core.ClusterId;
import cx.niro.server.spi.LeaseRow;
import cx.niro.server.spi.ReplicaStore;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

record JdbcReplicaStore(Handle handle, Inserts inserts) implements ReplicaStore {
  private static final String TOUCH =
      "INSERT INTO niro_touch (cluster, at, made_by) VALUES (:cluster, :at, :by)";
  private static final String TOUCHED =
      "SELECT cluster, seq FROM niro_touch WHERE at >= :since AND made_by <> :notBy LIMIT :limit";
  private static final String FORGET =
      "DELETE FROM niro_touch WHERE seq IN (SELECT seq FROM niro_touch WHERE at < :before ORDER BY at LIMIT :limit)";
  private static final String TAKE =
      """
      INSERT INTO niro_lease (name, owner, ends_at, listening_since, flushed_up_to)
      VALUES (:name, :owner, :endsAt, :listeningSince, :flushedUpTo)
      """;
  private static final String RENEW =
      """
      UPDATE niro_lease SET owner = :next.owner, ends_at = :next.endsAt, listening_since = :next.listeningSince,
        flushed_up_to = :next.flushedUpTo
      WHERE name = :next.name AND owner = :seen.owner AND ends_at = :seen.endsAt
      """;

  @Override
  public void touch(Collection<ClusterId> clusters, Instant at, String by) {
    PreparedBatch batch = handle.prepareBatch(TOUCH);
    clusters.forEach(cluster -> batch.bind("cluster", cluster).bind("at", at).bind("by", by).add());
    if (!clusters.isEmpty()) {
      batch.execute();
    }
  }

  @Override
  public List<Touch> touchedSince(Instant since, String notBy, int limit) {
    return handle
        .createQuery(TOUCHED)
        .bind("since", since)
        .bind("notBy", notBy)
        .bind("limit", limit)
        .map((row, context) -> new Touch(new ClusterId(row.getString(1)), row.getLong(2)))
        .list();
  }

  @Override
  public int forgetTouchesBefore(Instant before, int limit) {
    return handle.createUpdate(FORGET).bind("before", before).bind("limit", limit).execute();
  }

  @Override
  public List<LeaseRow> leases() {
    return handle.createQuery("SELECT * FROM niro_lease").mapTo(LeaseRow.class).list();
  }

  @Override
  public boolean putLease(@Nullable LeaseRow seen, LeaseRow next) {
    if (seen == null) {
      return inserts.run(handle.createUpdate(TAKE).bindMethods(next));
    }
    return handle.createUpdate(RENEW).bindMethods("next", next).bindMethods("seen", seen).execute()
        == 1;
  }

  @Override
  public void dropLeases(String owner) {
    handle
        .createUpdate("DELETE FROM niro_lease WHERE owner = :owner")
        .bind("owner", owner)
        .execute();
  }
}
