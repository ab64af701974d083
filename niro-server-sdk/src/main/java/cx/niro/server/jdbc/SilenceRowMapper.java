package cx.niro.server.jdbc;

import cx.niro.core.OrganizationId;
import cx.niro.core.SilenceId;
import cx.niro.server.spi.ChannelSelector;
import cx.niro.server.spi.SilenceRow;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;

/** By hand, because who made a silence is a record of its own on the same row. */
final class SilenceRowMapper implements RowMapper<SilenceRow> {
  @Override
  public SilenceRow map(ResultSet rs, StatementContext context) throws SQLException {
    Columns row = new Columns(rs, context);
    return new SilenceRow(
        row.get("id", SilenceId.class),
        row.get("organization", OrganizationId.class),
        row.get("selector", ChannelSelector.class),
        row.orNull("scope_prefix", String.class),
        row.get("starts_at", Instant.class),
        row.get("ends_at", Instant.class),
        row.part(SilenceRow.Origin.class));
  }
}
