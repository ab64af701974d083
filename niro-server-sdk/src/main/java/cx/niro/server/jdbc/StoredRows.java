package cx.niro.server.jdbc;

import cx.niro.core.protocol.NiroCodec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Moves all rows of the tables whose names begin with {@code niro_}, an embedder's among them, from
 * one database to another: one line of JSON for each row, those referred to before those that
 * refer. Hashes of keys and sealed secrets are among them, in clear are none.
 *
 * <p>Both databases must have the tables of this version. Write nothing to either meanwhile.
 */
public final class StoredRows {
  /** The door that clips no text. */
  private static final NiroCodec CODEC = NiroCodec.forRest();

  private static final String TABLE = "table";
  private static final String ROW = "row";
  private static final String COUNTS = "counts";

  private StoredRows() {}

  /**
   * Writes all rows, and at last how many there are of each table.
   *
   * @return how many rows each table has, in the order written
   * @throws IllegalStateException when the tables are not those of this version
   */
  public static Map<String, Long> write(DataSource from, Writer to)
      throws IOException, SQLException {
    new Schema(from).require();
    try (Connection connection = from.getConnection()) {
      connection.setAutoCommit(false);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      Map<String, Long> counts = new LinkedHashMap<>();
      for (StoredTable table : StoredTable.all(connection)) {
        counts.put(table.name(), writeTable(connection, table, to));
      }
      connection.rollback();
      line(Map.of(COUNTS, counts), to);
      to.flush();
      return counts;
    }
  }

  private static long writeTable(Connection connection, StoredTable table, Writer to)
      throws IOException, SQLException {
    long count = 0;
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(StoredTable.FETCHED);
      try (ResultSet rows = statement.executeQuery("SELECT * FROM " + table.name())) {
        while (rows.next()) {
          line(Map.of(TABLE, table.name(), ROW, table.read(rows)), to);
          count++;
        }
      }
    }
    return count;
  }

  private static void line(Map<String, ?> value, Writer to) throws IOException {
    to.write(new String(CODEC.encode(value), StandardCharsets.UTF_8));
    to.write('\n');
  }

  /**
   * Reads what {@link #write} wrote into tables that are empty, all rows or none.
   *
   * @return how many rows each table has
   * @throws IllegalStateException when the tables are not those of this version or not empty, or
   *     the lines end early or name what is not there; nothing was changed then
   */
  public static Map<String, Long> read(BufferedReader from, DataSource into)
      throws IOException, SQLException {
    new Schema(into).require();
    try (Connection connection = into.getConnection()) {
      connection.setAutoCommit(false);
      try {
        Map<String, Long> counts = new Reading(connection).all(from);
        connection.commit();
        return counts;
      } catch (SQLException | IOException | RuntimeException e) {
        connection.rollback();
        throw e;
      }
    }
  }

  /** One transaction into which lines are read. */
  private static final class Reading {
    private static final int BATCH = 200;

    private final Connection connection;
    private final Map<String, StoredTable> tables = new LinkedHashMap<>();
    private final Map<String, Long> counts = new LinkedHashMap<>();
    private final List<Map<?, ?>> batch = new ArrayList<>();
    private @Nullable StoredTable current;

    Reading(Connection connection) throws SQLException {
      this.connection = connection;
      for (StoredTable table : StoredTable.all(connection)) {
        if (table.count(connection) > 0) {
          throw new IllegalStateException(
              "the database is not empty: there are rows in " + table.name());
        }
        tables.put(table.name(), table);
        counts.put(table.name(), 0L);
      }
    }

    Map<String, Long> all(BufferedReader from) throws IOException, SQLException {
      String line = from.readLine();
      while (line != null) {
        Map<?, ?> value = CODEC.decode(Map.class, line.getBytes(StandardCharsets.UTF_8));
        if (value.get(COUNTS) instanceof Map<?, ?> expected) {
          end(expected);
          return Collections.unmodifiableMap(counts);
        }
        add(String.valueOf(value.get(TABLE)), (Map<?, ?>) Objects.requireNonNull(value.get(ROW)));
        line = from.readLine();
      }
      throw new IllegalStateException("the lines end early: there is no line of counts");
    }

    private void add(String name, Map<?, ?> row) throws SQLException {
      StoredTable table = tables.get(name);
      if (table == null) {
        throw new IllegalStateException("there is no table " + name + " in this version");
      }
      if (!table.equals(current) || batch.size() >= BATCH) {
        flush();
        current = table;
      }
      batch.add(row);
      counts.merge(name, 1L, Long::sum);
    }

    private void flush() throws SQLException {
      if (current == null || batch.isEmpty()) {
        return;
      }
      try (PreparedStatement insert = connection.prepareStatement(current.insert())) {
        for (Map<?, ?> row : batch) {
          current.bind(row, insert);
          insert.addBatch();
        }
        insert.executeBatch();
      }
      batch.clear();
    }

    private void end(Map<?, ?> expected) throws SQLException {
      flush();
      if (!counts.equals(expected)) {
        throw new IllegalStateException(
            "the lines are not whole: rows read " + counts + " but written " + expected);
      }
      for (StoredTable table : tables.values()) {
        table.goOnCounting(connection);
      }
    }
  }
}
