package cx.niro.server.jdbc;

import cx.niro.core.ClusterId;
import cx.niro.core.CommandId;
import cx.niro.core.DeploymentId;
import cx.niro.core.managed.DriftState;
import cx.niro.core.protocol.RawJson;
import cx.niro.server.spi.DeploymentRow;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** By hand, because a deployment's parts are records of their own on the same row. */
final class DeploymentRowMapper implements RowMapper<DeploymentRow> {
  @Override
  public DeploymentRow map(ResultSet rs, StatementContext context) throws SQLException {
    Columns row = new Columns(rs, context);
    return new DeploymentRow(
        row.get("id", DeploymentId.class),
        row.get("cluster", ClusterId.class),
        row.get("name", String.class),
        row.get("namespace", String.class),
        row.part(DeploymentRow.Origin.class),
        row.part(DeploymentRow.Wanted.class),
        row.part(DeploymentRow.Applied.class),
        drift(row),
        look(row));
  }

  private static DeploymentRow.@Nullable Drift drift(Columns row) throws SQLException {
    DriftState state = row.orNull("drift_state", DriftState.class);
    return state == null
        ? null
        : new DeploymentRow.Drift(
            state,
            row.get("drift_since", Instant.class),
            row.get("drift_at", Instant.class),
            row.orNull("drift_report", RawJson.class));
  }

  private static DeploymentRow.@Nullable Look look(Columns row) throws SQLException {
    Instant askedAt = row.orNull("look_at", Instant.class);
    return askedAt == null
        ? null
        : new DeploymentRow.Look(
            row.orNull("look_command", CommandId.class),
            row.orNull("look_mark", String.class),
            askedAt,
            row.get("look_fruitless", Integer.class));
  }
}
