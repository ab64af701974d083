package cx.niro.server.jdbc;

import cx.niro.core.ClusterId;
import cx.niro.core.IncidentId;
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
        row.part(IncidentRow.Attention.class));
  }

  private static IncidentRow.@Nullable Resolved resolved(Columns row) throws SQLException {
    Instant at = row.orNull("resolved_at", Instant.class);
    return at == null ? null : new IncidentRow.Resolved(at, row.get("resolution", String.class));
  }
}
