package cx.niro.server.jdbc;

import cx.niro.core.ClusterId;
import cx.niro.server.spi.Page;
import cx.niro.server.spi.TimelineEntry;
import cx.niro.server.spi.TimelineStore;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;

record JdbcTimelineStore(Handle handle, Inserts inserts) implements TimelineStore {
  private static final String INSERT =
      "INSERT INTO niro_timeline (cluster, at, kind, summary, details) VALUES (:cluster, :at, :kind, :summary, :details)";
  private static final String LIST =
      """
      SELECT * FROM niro_timeline
      WHERE cluster = :cluster AND seq < :before AND (:all OR kind IN (<kinds>))
      ORDER BY seq DESC LIMIT :limit
      """;

  @Override
  public void append(TimelineEntry entry) {
    inserts.run(handle.createUpdate(INSERT).bindMethods(entry));
  }

  @Override
  public Page<TimelineEntry> list(ClusterId cluster, Set<String> kinds, Page.Request page) {
    return Cursor.page(
        page,
        (before, limit) ->
            handle
                .createQuery(LIST)
                .bind("cluster", cluster)
                .bind("all", kinds.isEmpty())
                .bindList("kinds", kinds.isEmpty() ? List.of("") : List.copyOf(kinds))
                .bind("before", before)
                .bind("limit", limit)
                .map(Cursor.numbered(TimelineEntry.class))
                .list());
  }
}
