package cx.niro.server.jdbc;

import cx.niro.core.ChannelId;
import cx.niro.core.DeliveryId;
import cx.niro.server.spi.DeliveryRow;
import cx.niro.server.spi.DeliveryStore;
import cx.niro.server.spi.Page;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

record JdbcDeliveryStore(Handle handle, Inserts inserts) implements DeliveryStore {
  private static final String INSERT =
      """
      INSERT INTO niro_delivery (id, channel, group_key, title, notice, created_at, give_up_at, state, attempts, next_at,
        finished_at, last_error)
      VALUES (:id, :channel, :groupKey, :title, :notice, :createdAt, :giveUpAt, :progress.state, :progress.attempts,
        :progress.nextAt, :progress.finishedAt, :progress.lastError)
      """;
  private static final String UPDATE =
      """
      UPDATE niro_delivery SET give_up_at = :giveUpAt, state = :progress.state, attempts = :progress.attempts,
        next_at = :progress.nextAt, finished_at = :progress.finishedAt, last_error = :progress.lastError
      WHERE id = :id
      """;
  private static final String CLAIM =
      """
      UPDATE niro_delivery SET next_at = :until
      WHERE id = :id AND state = 'PENDING' AND attempts = :progress.attempts AND next_at = :progress.nextAt
      """;
  private static final String HEADS =
      """
      SELECT * FROM niro_delivery WHERE seq IN (SELECT MIN(seq) FROM niro_delivery WHERE state = 'PENDING' GROUP BY channel)
      ORDER BY next_at LIMIT :limit
      """;
  private static final String LIST =
      """
      SELECT * FROM niro_delivery
      WHERE channel = :channel AND seq < :before AND (:state IS NULL OR state = :state)
      ORDER BY seq DESC LIMIT :limit
      """;
  private static final String DELETE =
      "DELETE FROM niro_delivery WHERE seq IN (SELECT seq FROM niro_delivery WHERE finished_at < :before LIMIT :limit)";

  @Override
  public void append(DeliveryRow delivery) {
    inserts.run(handle.createUpdate(INSERT).bindMethods(delivery));
  }

  @Override
  public List<DeliveryRow> heads(int limit) {
    return handle.createQuery(HEADS).bind("limit", limit).mapTo(DeliveryRow.class).list();
  }

  @Override
  public Optional<DeliveryRow> find(DeliveryId id) {
    return handle
        .createQuery("SELECT * FROM niro_delivery WHERE id = :id")
        .bind("id", id)
        .mapTo(DeliveryRow.class)
        .findOne();
  }

  @Override
  public void update(DeliveryRow delivery) {
    handle.createUpdate(UPDATE).bindMethods(delivery).execute();
  }

  @Override
  public boolean claim(DeliveryRow seen, Instant nextAt) {
    return handle.createUpdate(CLAIM).bindMethods(seen).bind("until", nextAt).execute() == 1;
  }

  @Override
  public Page<DeliveryRow> list(
      ChannelId channel, DeliveryRow.@Nullable State state, Page.Request page) {
    return Cursor.page(
        page,
        (before, limit) ->
            handle
                .createQuery(LIST)
                .bind("channel", channel)
                .bind("before", before)
                .bindByType("state", state == null ? null : state.name(), String.class)
                .bind("limit", limit)
                .map(Cursor.numbered(DeliveryRow.class))
                .list());
  }

  @Override
  public int deleteFinishedBefore(Instant before, int limit) {
    return handle.createUpdate(DELETE).bind("before", before).bind("limit", limit).execute();
  }
}
