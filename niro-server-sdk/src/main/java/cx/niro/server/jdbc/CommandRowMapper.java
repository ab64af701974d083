package cx.niro.server.jdbc;

import cx.niro.core.BootId;
import cx.niro.core.ClusterId;
import cx.niro.core.CommandId;
import cx.niro.core.protocol.CommandState;
import cx.niro.core.protocol.RawJson;
import cx.niro.server.spi.CommandRow;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** By hand, because a command's request and offer are records of their own on the same row. */
final class CommandRowMapper implements RowMapper<CommandRow> {
  @Override
  public CommandRow map(ResultSet rs, StatementContext context) throws SQLException {
    Columns row = new Columns(rs, context);
    return new CommandRow(
        row.get("id", CommandId.class),
        row.get("cluster", ClusterId.class),
        row.part(CommandRow.Request.class),
        row.get("state", CommandState.class),
        row.get("attempt", Integer.class),
        offer(row),
        row.get("cancel_requested", Boolean.class),
        row.orNull("reason", String.class),
        row.orNull("output", RawJson.class),
        row.orNull("late_result", RawJson.class),
        row.orNull("finished_at", Instant.class));
  }

  private static CommandRow.@Nullable Offer offer(Columns row) throws SQLException {
    BootId bootId = row.orNull("offer_boot_id", BootId.class);
    return bootId == null
        ? null
        : new CommandRow.Offer(
            bootId, row.get("offered_at", Instant.class), row.get("lease_until", Instant.class));
  }
}
