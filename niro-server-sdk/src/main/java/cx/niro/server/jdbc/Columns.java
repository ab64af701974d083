package cx.niro.server.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jdbi.v3.core.mapper.ColumnMapper;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** The columns of one row, for records that are made of several records. */
record Columns(ResultSet rs, StatementContext context) {
  <T> T get(String column, Class<T> type) throws SQLException {
    T value = orNull(column, type);
    if (value == null) {
      throw new SQLException("column " + column + " is null");
    }
    return value;
  }

  <T> @Nullable T orNull(String column, Class<T> type) throws SQLException {
    ColumnMapper<T> mapper = context.findColumnMapperFor(type).orElseThrow();
    return mapper.map(rs, column, context);
  }

  /** A record whose components are columns of this row. */
  <T> T part(Class<T> type) throws SQLException {
    RowMapper<T> mapper = context.findRowMapperFor(type).orElseThrow();
    return mapper.map(rs, context);
  }
}
