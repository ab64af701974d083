package cx.niro.server.jdbc;

import cx.niro.core.ClusterId;
import cx.niro.core.Severity;
import cx.niro.core.incident.Fingerprint;
import cx.niro.core.incident.Scope;
import cx.niro.core.incident.Symptom;
import cx.niro.core.policy.Finding;
import cx.niro.core.policy.PolicyId;
import cx.niro.server.spi.FindingRow;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;

/** By hand, because a finding is made of records of their own on the same row. */
final class FindingRowMapper implements RowMapper<FindingRow> {
  @Override
  public FindingRow map(ResultSet rs, StatementContext context) throws SQLException {
    Columns row = new Columns(rs, context);
    Symptom symptom =
        new Symptom(
            row.get("severity", Severity.class),
            row.get("message", String.class),
            JsonColumn.lists(row.get("evidence", String.class)));
    Finding finding =
        new Finding(
            row.get("rule", PolicyId.class),
            row.get("scope", Scope.class),
            symptom,
            row.get("fix", String.class));
    return new FindingRow(
        row.get("cluster", ClusterId.class),
        row.get("fingerprint", Fingerprint.class),
        finding,
        row.get("since", Instant.class),
        row.orNull("exemption", String.class));
  }
}
