package cx.niro.server.jdbc;

import cx.niro.core.ChannelId;
import cx.niro.server.jdbc.Cursor.Numbered;
import cx.niro.server.spi.GroupRow;
import cx.niro.server.spi.MarkRow;
import cx.niro.server.spi.OutboxStore;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

record JdbcOutboxStore(Handle handle, Inserts inserts) implements OutboxStore {
  private static final String MARK =
      "INSERT INTO niro_mark (cluster, group_key, urgent, at) VALUES (:cluster, :groupKey, :urgent, :at)";
  private static final String UPDATE =
      "UPDATE niro_group SET due_at = :dueAt, state = :state WHERE channel = :channel AND group_key = :groupKey";
  private static final String INSERT =
      "INSERT INTO niro_group (channel, group_key, due_at, state) VALUES (:channel, :groupKey, :dueAt, :state)";

  @Override
  public void mark(MarkRow mark) {
    handle.createUpdate(MARK).bindMethods(mark).execute();
  }

  @Override
  public List<MarkRow> takeMarks(int limit) {
    List<Numbered<MarkRow>> oldest =
        handle
            .createQuery("SELECT * FROM niro_mark ORDER BY seq LIMIT :limit FOR UPDATE")
            .bind("limit", limit)
            .map(Cursor.numbered(MarkRow.class))
            .list();
    if (!oldest.isEmpty()) {
      handle
          .createUpdate("DELETE FROM niro_mark WHERE seq IN (<taken>)")
          .bindList("taken", oldest.stream().map(Numbered::seq).toList())
          .execute();
    }
    return oldest.stream().map(Numbered::row).toList();
  }

  @Override
  public Optional<GroupRow> group(ChannelId channel, String groupKey) {
    return handle
        .createQuery("SELECT * FROM niro_group WHERE channel = :channel AND group_key = :groupKey")
        .bind("channel", channel)
        .bind("groupKey", groupKey)
        .mapTo(GroupRow.class)
        .findOne();
  }

  @Override
  public List<GroupRow> groups(String groupKey) {
    return handle
        .createQuery("SELECT * FROM niro_group WHERE group_key = :groupKey ORDER BY channel")
        .bind("groupKey", groupKey)
        .mapTo(GroupRow.class)
        .list();
  }

  @Override
  public List<GroupRow> nextGroups(int limit) {
    return handle
        .createQuery("SELECT * FROM niro_group ORDER BY due_at LIMIT :limit")
        .bind("limit", limit)
        .mapTo(GroupRow.class)
        .list();
  }

  @Override
  public void save(GroupRow group) {
    if (handle.createUpdate(UPDATE).bindMethods(group).execute() == 0) {
      inserts.run(handle.createUpdate(INSERT).bindMethods(group));
    }
  }

  @Override
  public void delete(GroupRow group) {
    handle
        .createUpdate("DELETE FROM niro_group WHERE channel = :channel AND group_key = :groupKey")
        .bindMethods(group)
        .execute();
  }
}
