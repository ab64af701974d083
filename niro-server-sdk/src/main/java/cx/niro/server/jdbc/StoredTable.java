package cx.niro.server.jdbc;

import java.io.ByteArrayOutputStream;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One of our tables as the database describes it. Values are texts, for numbers of JSON are less
 * than a long; bytes are pieces in base64, and long texts pieces too, for a reader bounds each.
 */
record StoredTable(String name, List<Column> columns) {
  static final int FETCHED = 100;
  private static final int PIECE = 1 << 20;

  /** Rows that mean nothing to other processes, and secrets of those that run. */
  private static final Set<String> OF_PROCESSES = Set.of("niro_relay");

  /** In UTF-16; escaped, a piece of it is at most 3 MiB. */
  private static final int TEXT_PIECE = 1 << 19;

  /** What a value is made of again. */
  enum Kind {
    TEXT,
    NUMBER,
    FLAG,
    TIME,
    BYTES;

    static Kind of(int type, String typeName) {
      if (typeName.toUpperCase(Locale.ROOT).startsWith("TIMESTAMP")) {
        return TIME;
      }
      return switch (type) {
        case Types.BIGINT, Types.INTEGER -> NUMBER;
        case Types.BOOLEAN, Types.BIT -> FLAG;
        case Types.BINARY, Types.VARBINARY -> BYTES;
        default -> TEXT;
      };
    }
  }

  record Column(String name, Kind kind, boolean numbered) {}

  /**
   * All that begin with {@code niro_}, but for histories of their versions and what is about
   * processes, in an order to fill.
   */
  static List<StoredTable> all(Connection connection) throws SQLException {
    DatabaseMetaData data = connection.getMetaData();
    Map<String, String> found = new TreeMap<>();
    try (ResultSet tables =
        data.getTables(null, connection.getSchema(), null, new String[] {"TABLE", "BASE TABLE"})) {
      while (tables.next()) {
        String name = tables.getString("TABLE_NAME");
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.startsWith("niro_")
            && !lower.endsWith("_schema_history")
            && !OF_PROCESSES.contains(lower)) {
          found.put(lower, name);
        }
      }
    }
    Map<String, Set<String>> references = new TreeMap<>();
    for (Map.Entry<String, String> table : found.entrySet()) {
      references.put(table.getKey(), references(connection, table.getValue()));
    }
    List<StoredTable> all = new ArrayList<>();
    for (String name : ordered(references)) {
      all.add(new StoredTable(name, columns(connection, Objects.requireNonNull(found.get(name)))));
    }
    return all;
  }

  private static Set<String> references(Connection connection, String table) throws SQLException {
    Set<String> names = new LinkedHashSet<>();
    try (ResultSet keys =
        connection.getMetaData().getImportedKeys(null, connection.getSchema(), table)) {
      while (keys.next()) {
        names.add(keys.getString("PKTABLE_NAME").toLowerCase(Locale.ROOT));
      }
    }
    return names;
  }

  /** Those referred to first. */
  private static Set<String> ordered(Map<String, Set<String>> references) {
    Set<String> ordered = new LinkedHashSet<>();
    while (ordered.size() < references.size()) {
      int before = ordered.size();
      references.forEach(
          (name, needs) -> {
            if (ordered.containsAll(needs)) {
              ordered.add(name);
            }
          });
      if (ordered.size() == before) {
        throw new IllegalStateException("tables refer to each other in a circle: " + references);
      }
    }
    return ordered;
  }

  private static List<Column> columns(Connection connection, String table) throws SQLException {
    List<Column> columns = new ArrayList<>();
    try (ResultSet found =
        connection.getMetaData().getColumns(null, connection.getSchema(), table, null)) {
      while (found.next()) {
        columns.add(
            new Column(
                found.getString("COLUMN_NAME").toLowerCase(Locale.ROOT),
                Kind.of(found.getInt("DATA_TYPE"), found.getString("TYPE_NAME")),
                "YES".equals(found.getString("IS_AUTOINCREMENT"))));
      }
    }
    return columns;
  }

  long count(Connection connection) throws SQLException {
    return number(connection, "SELECT COUNT(*) FROM " + name);
  }

  private static long number(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
  }

  Map<String, @Nullable Object> read(ResultSet row) throws SQLException {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    for (Column column : columns) {
      values.put(column.name(), value(row, column));
    }
    return values;
  }

  private static @Nullable Object value(ResultSet row, Column column) throws SQLException {
    if (column.kind() == Kind.BYTES) {
      byte[] bytes = row.getBytes(column.name());
      return bytes == null ? null : pieces(bytes);
    }
    Object value =
        column.kind() == Kind.TIME
            ? row.getObject(column.name(), OffsetDateTime.class)
            : row.getString(column.name());
    return value == null ? null : whole(value.toString());
  }

  private static Object whole(String text) {
    if (text.length() <= TEXT_PIECE) {
      return text;
    }
    List<String> pieces = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int end = Math.min(text.length(), at + TEXT_PIECE);
      if (Character.isHighSurrogate(text.charAt(end - 1))) {
        end = Math.min(text.length(), end + 1);
      }
      pieces.add(text.substring(at, end));
      at = end;
    }
    return pieces;
  }

  private static List<String> pieces(byte[] bytes) {
    List<String> pieces = new ArrayList<>();
    for (int at = 0; at < bytes.length; at += PIECE) {
      byte[] piece = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + PIECE));
      pieces.add(Base64.getEncoder().encodeToString(piece));
    }
    return pieces;
  }

  String insert() {
    List<String> names = columns.stream().map(Column::name).toList();
    return "INSERT INTO "
        + name
        + " ("
        + String.join(", ", names)
        + ") OVERRIDING SYSTEM VALUE VALUES ("
        + String.join(", ", Collections.nCopies(names.size(), "?"))
        + ")";
  }

  /**
   * Fills the insert.
   *
   * @throws IllegalStateException when the row has other members than the table has columns
   */
  void bind(Map<?, ?> row, PreparedStatement insert) throws SQLException {
    Set<String> names = columns.stream().map(Column::name).collect(Collectors.toSet());
    if (!row.keySet().equals(names)) {
      throw new IllegalStateException(
          "a row of "
              + name
              + " has "
              + new TreeSet<>(row.keySet())
              + " but the columns of this version are "
              + new TreeSet<>(names));
    }
    for (int i = 0; i < columns.size(); i++) {
      insert.setObject(i + 1, made(row.get(columns.get(i).name()), columns.get(i).kind()));
    }
  }

  private static @Nullable Object made(@Nullable Object value, Kind kind) {
    if (value == null) {
      return null;
    }
    if (value instanceof List<?> pieces && kind == Kind.BYTES) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      pieces.forEach(piece -> bytes.writeBytes(Base64.getDecoder().decode(piece.toString())));
      return bytes.toByteArray();
    }
    String text =
        value instanceof List<?> pieces
            ? pieces.stream().map(Object::toString).collect(Collectors.joining())
            : value.toString();
    return switch (kind) {
      case NUMBER -> Long.valueOf(text);
      case FLAG -> "true".equalsIgnoreCase(text) || "t".equals(text) || "1".equals(text);
      case TIME -> OffsetDateTime.parse(text);
      case TEXT, BYTES -> text.replace('\0', '\uFFFD');
    };
  }

  /** New rows get numbers after those that were read. */
  void goOnCounting(Connection connection) throws SQLException {
    for (Column column : columns) {
      if (column.numbered()) {
        long last =
            number(connection, "SELECT COALESCE(MAX(" + column.name() + "), 0) FROM " + name);
        try (Statement statement = connection.createStatement()) {
          statement.execute(
              "ALTER TABLE "
                  + name
                  + " ALTER COLUMN "
                  + column.name()
                  + " RESTART WITH "
                  + (last + 1));
        }
      }
    }
  }
}
