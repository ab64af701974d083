package cx.niro.server.jdbc;

import cx.niro.core.ChannelId;
import cx.niro.core.DeliveryId;
import cx.niro.server.spi.DeliveryRow;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;

/** By hand, because a delivery's progress is a record of its own on the same row. */
final class DeliveryRowMapper implements RowMapper<DeliveryRow> {
  @Override
  public DeliveryRow map(ResultSet rs, StatementContext context) throws SQLException {
    Columns row = new Columns(rs, context);
    return new DeliveryRow(
        row.get("id", DeliveryId.class),
        row.get("channel", ChannelId.class),
        row.get("group_key", String.class),
        row.get("title", String.class),
        row.get("notice", String.class),
        row.get("created_at", Instant.class),
        row.get("give_up_at", Instant.class),
        row.part(DeliveryRow.Progress.class));
  }
}
