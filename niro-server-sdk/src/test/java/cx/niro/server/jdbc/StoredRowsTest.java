package cx.niro.server.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cx.niro.core.BootId;
import cx.niro.core.ClusterId;
import cx.niro.core.SecretHash;
import cx.niro.server.spi.InventoryRow;
import cx.niro.server.spi.KeyRow;
import cx.niro.server.spi.Page;
import cx.niro.server.spi.SessionRow;
import cx.niro.server.spi.StoreTx;
import cx.niro.server.spi.TimelineEntry;
import cx.niro.server.spi.TokenRow;
import cx.niro.server.testkit.RealPostgres;
import cx.niro.server.testkit.WithPostgres;
import java.io.BufferedReader;
import java.io.StringReader;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From a database of H2 to PostgreSQL with everything in it. */
@WithPostgres
class StoredRowsTest {
  private static final ClusterId EDGE = JdbcStoresTest.cluster().id();
  private static final Instant NOW = JdbcStoresTest.cluster().createdAt();
  private static final SecretHash HASH = SecretHash.of("secret");
  private static final KeyRow KEY =
      new KeyRow(EDGE, "k1", HASH, KeyRow.State.CANDIDATE, HASH, NOW, NOW);
  private static final TokenRow TOKEN =
      new TokenRow(EDGE, "t1", HASH, NOW, NOW.plusSeconds(9), true, null, null, null);
  private static final SessionRow SESSION =
      new SessionRow(
          EDGE,
          new BootId("b1"),
          3,
          7,
          NOW,
          null,
          "a\"b\n\u2028ł",
          "{\"a\":\"" + "x".repeat(5000) + "\"}",
          NOW,
          1);

  private final JdbcDataSource old = new JdbcDataSource();
  private final byte[] body = new byte[3 << 20];

  @BeforeEach
  void fill() {
    old.setURL("jdbc:h2:mem:rows" + System.identityHashCode(this) + ";DB_CLOSE_DELAY=-1");
    new Random(1).nextBytes(body);
    JdbcStores.migrate(old);
    JdbcStores stores = JdbcStores.over(old);
    stores.inTransaction(
        tx ->
            tx.clusters().insert(JdbcStoresTest.cluster())
                && tx.sessions().save(SESSION)
                && entered(tx, "first"));
    stores.inTransaction(
        tx -> {
          tx.keys().insert(KEY);
          tx.enrollments().put(TOKEN);
          return entered(tx, "second");
        });
    stores.inventory().save(List.of(new InventoryRow(EDGE, new BootId("b1"), 3, 4, NOW, 1, body)));
  }

  private static boolean entered(StoreTx tx, String summary) {
    tx.timeline().append(new TimelineEntry(EDGE, NOW, "noted", summary, Map.of("by", "ann")));
    return true;
  }

  private static List<String> summaries(DataSource database) {
    return JdbcStores.over(database)
        .<Page<TimelineEntry>>inTransaction(
            tx -> tx.timeline().list(EDGE, Set.of(), Page.Request.FIRST))
        .items()
        .stream()
        .map(TimelineEntry::summary)
        .toList();
  }

  private String written() throws Exception {
    StringWriter lines = new StringWriter();
    StoredRows.write(old, lines);
    return lines.toString();
  }

  private static Map<String, Long> read(String lines, DataSource into) throws Exception {
    return StoredRows.read(new BufferedReader(new StringReader(lines)), into);
  }

  private static DataSource empty() {
    DataSource database = RealPostgres.newDatabase();
    JdbcStores.migrate(database);
    return database;
  }

  @Test
  void every_row_arrives_as_it_was_and_numbers_go_on_after_them() throws Exception {
    DataSource fresh = empty();

    Map<String, Long> counts = read(written(), fresh);

    assertThat(counts).containsEntry("niro_timeline", 2L).containsEntry("niro_silence", 0L);
    Function<StoreTx, Object> look =
        tx ->
            List.of(
                tx.clusters().list(null, 9),
                tx.keys().findByKeyId("k1"),
                tx.enrollments().findByKeyId("t1"),
                tx.sessions().find(EDGE),
                tx.sessions().generation(EDGE, new BootId("b1")));
    JdbcStores stores = JdbcStores.over(fresh);
    assertThat(stores.inTransaction(look)).isEqualTo(JdbcStores.over(old).inTransaction(look));
    assertThat(stores.inventory().find(EDGE).orElseThrow().body()).isEqualTo(body);
    stores.inTransaction(tx -> entered(tx, "third"));
    assertThat(summaries(fresh)).containsExactly("third", "second", "first");
  }

  @Test
  void a_database_with_rows_is_left_alone() throws Exception {
    DataSource full = empty();
    JdbcStores.over(full).inTransaction(tx -> tx.clusters().insert(JdbcStoresTest.cluster()));
    String lines = written();

    assertThatThrownBy(() -> read(lines, full))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the database is not empty: there are rows in niro_cluster");
    assertThat(summaries(full)).isEmpty();
  }

  @Test
  void lines_that_are_not_whole_change_nothing() throws Exception {
    DataSource fresh = empty();
    String lines = written();
    String cut = lines.substring(0, lines.lastIndexOf("{\"counts\""));
    String less = lines.replaceFirst("(?m)^.*niro_agent_key.*\\n", "");

    assertThatThrownBy(() -> read(cut, fresh)).hasMessageStartingWith("the lines end early");
    assertThatThrownBy(() -> read(less, fresh)).hasMessageStartingWith("the lines are not whole");
    assertThatThrownBy(() -> read("{\"table\":\"niro_moon\",\"row\":{}}\n", fresh))
        .hasMessage("there is no table niro_moon in this version");
    assertThat(
            JdbcStores.over(fresh).<Integer>inTransaction(tx -> tx.clusters().list(null, 9).size()))
        .isZero();
  }

  private static void execute(DataSource database, String... statements) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      for (String each : statements) {
        statement.execute(each);
      }
    }
  }

  @Test
  void a_payload_of_more_than_four_mebibytes_arrives_as_it_was() throws Exception {
    String table = "CREATE TABLE niro_guest (id BIGINT PRIMARY KEY, payload TEXT)";
    String payload = "x" + "\uD83D\uDE00\u0001".repeat(1 << 21);
    DataSource fresh = empty();
    execute(old, table);
    execute(fresh, table);
    try (Connection connection = old.getConnection();
        PreparedStatement insert =
            connection.prepareStatement("INSERT INTO niro_guest VALUES (1, ?)")) {
      insert.setString(1, payload);
      insert.execute();
    }

    read(written(), fresh);

    try (Connection connection = fresh.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT payload FROM niro_guest")) {
      assertThat(row.next()).isTrue();
      assertThat(row.getString(1).equals(payload)).isTrue();
    }
  }

  @Test
  void a_row_with_a_column_too_many_or_too_few_is_refused() throws Exception {
    DataSource fresh = empty();
    execute(fresh, "CREATE TABLE niro_guest (id BIGINT PRIMARY KEY, payload TEXT)");
    String row = "{\"table\":\"niro_guest\",\"row\":{\"id\":\"1\"%s}}\n{\"counts\":{}}\n";

    assertThatThrownBy(() -> read(row.formatted(",\"payload\":\"p\",\"color\":\"red\""), fresh))
        .hasMessage(
            "a row of niro_guest has [color, id, payload] but the columns of this version are"
                + " [id, payload]");
    assertThatThrownBy(() -> read(row.formatted(""), fresh))
        .hasMessageStartingWith("a row of niro_guest has [id] but");
  }
}
