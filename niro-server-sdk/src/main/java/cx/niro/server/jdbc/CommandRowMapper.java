package cx.niro.server.jdbc;

import cx.niro.core.BootId;
import cx.niro.core.ClusterId;
import cx.niro.core.CommandId;
import cx.niro.core.SecretHash;
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
        request(row),
        row.get("state", CommandState.class),
        row.get("attempt", Integer.class),
        offer(row),
        row.get("cancel_requested", Boolean.class),
        row.orNull("reason", String.class),
        row.orNull("output", RawJson.class),
        row.orNull("late_result", RawJson.class),
        row.orNull("finished_at", Instant.class));
  }

  private static CommandRow.Request request(Columns row) throws SQLException {
    return new CommandRow.Request(
        row.get("kind", String.class),
        new CommandRow.Payload(
            row.get("payload_sha256", SecretHash.class),
            row.get("payload_bytes", Integer.class),
            row.orNull("payload", RawJson.class)),
        row.orNull("order_key", String.class),
        row.orNull("idempotency_key", String.class),
        row.get("idempotent_kind", Boolean.class),
        row.get("created_by", String.class),
        row.get("created_at", Instant.class),
        row.get("deadline_at", Instant.class));
  }

  private static CommandRow.@Nullable Offer offer(Columns row) throws SQLException {
    BootId bootId = row.orNull("offer_boot_id", BootId.class);
    return bootId == null
        ? null
        : new CommandRow.Offer(
            bootId, row.get("offered_at", Instant.class), row.get("lease_until", Instant.class));
  }
}
