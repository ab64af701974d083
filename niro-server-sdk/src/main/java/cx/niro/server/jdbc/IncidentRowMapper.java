package cx.niro.server.jdbc;

import cx.niro.core.ClusterId;
import cx.niro.core.IncidentId;
import cx.niro.core.incident.Fingerprint;
import cx.niro.server.spi.IncidentRow;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** By hand, because an incident is made of records of their own on the same row. */
final class IncidentRowMapper implements RowMapper<IncidentRow> {
  @Override
  public IncidentRow map(ResultSet rs, StatementContext context) throws SQLException {
    Columns row = new Columns(rs, context);
    return new IncidentRow(
        row.get("id", IncidentId.class),
        row.get("cluster", ClusterId.class),
        row.part(IncidentRow.What.class),
        row.part(IncidentRow.Telling.class),
        row.part(IncidentRow.Began.class),
        resolved(row),
        attention(row));
  }

  private static IncidentRow.Attention attention(Columns row) throws SQLException {
    Instant at = row.orNull("acknowledged_at", Instant.class);
    IncidentRow.Acknowledged acknowledged =
        at == null
            ? null
            : new IncidentRow.Acknowledged(
                row.get("acknowledged_by", String.class),
                at,
                row.orNull("acknowledged_note", String.class));
    return new IncidentRow.Attention(
        acknowledged,
        row.orNull("suppressed_by", Fingerprint.class),
        row.orNull("flapping_since", Instant.class),
        row.orNull("group_key", String.class));
  }

  private static IncidentRow.@Nullable Resolved resolved(Columns row) throws SQLException {
    Instant at = row.orNull("resolved_at", Instant.class);
    return at == null ? null : new IncidentRow.Resolved(at, row.get("resolution", String.class));
  }
}
