package cx.niro.server.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cx.niro.core.BootId;
import cx.niro.core.ClusterId;
import cx.niro.core.CommandId;
import cx.niro.core.Environment;
import cx.niro.core.IncidentId;
import cx.niro.core.OrganizationId;
import cx.niro.core.SecretHash;
import cx.niro.core.Severity;
import cx.niro.core.incident.Fingerprint;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.incident.Scope;
import cx.niro.core.protocol.CommandState;
import cx.niro.core.protocol.RawJson;
import cx.niro.server.spi.ClusterRow;
import cx.niro.server.spi.CommandRow;
import cx.niro.server.spi.IncidentFilter;
import cx.niro.server.spi.IncidentRow;
import cx.niro.server.spi.InventoryRow;
import cx.niro.server.spi.KeyRow;
import cx.niro.server.spi.Page;
import cx.niro.server.spi.SessionRow;
import cx.niro.server.spi.StoreTx;
import cx.niro.server.spi.TimelineEntry;
import cx.niro.server.spi.TokenRow;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the contract suite does not ask: every column makes the round trip through a file and a new
 * data source.
 */
class JdbcStoresTest {
  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00.123456Z");
  private static final ClusterId CLUSTER = new ClusterId("cl_1");
  private static final OrganizationId ORGANIZATION = new OrganizationId("acme");
  private static final SecretHash HASH = SecretHash.of("secret");

  @TempDir Path folder;
  DataSource dataSource;

  @BeforeEach
  void open() {
    dataSource = reopened();
    JdbcStores.migrate(dataSource);
  }

  /** The same database through a new data source. */
  DataSource reopened() {
    JdbcDataSource source = new JdbcDataSource();
    source.setURL("jdbc:h2:file:" + folder.resolve("niro"));
    return source;
  }

  private void check(Consumer<StoreTx> look) {
    write(look, reopened());
  }

  private void write(Consumer<StoreTx> work) {
    write(work, dataSource);
  }

  private static void write(Consumer<StoreTx> work, DataSource source) {
    JdbcStores.over(source)
        .inTransaction(
            tx -> {
              work.accept(tx);
              return true;
            });
  }

  static ClusterRow cluster() {
    return new ClusterRow(
        CLUSTER,
        ORGANIZATION,
        "edge <1>",
        Environment.PRODUCTION,
        Map.of("site", "Łódź"),
        60,
        null,
        "uid-1",
        NOW,
        null,
        NOW);
  }

  @Test
  void migrating_twice_changes_nothing() {
    write(tx -> tx.clusters().insert(cluster()));

    JdbcStores.migrate(dataSource);

    check(tx -> assertThat(tx.clusters().list(null, 10)).containsExactly(cluster()));
  }

  @Test
  void the_tables_of_this_version_are_what_is_required() {
    JdbcStores.requireSchema(dataSource);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "update \"niro_schema_history\" set \"checksum\" = 1 where \"version\" = '1'",
        "update \"niro_schema_history\" set \"version\" = '999' where \"version\" = '1'"
      })
  void tables_of_another_version_are_refused_and_stay_as_they_are(String history) {
    write(tx -> tx.clusters().insert(cluster()));
    Jdbi.create(dataSource).useHandle(handle -> handle.execute(history));

    assertThatThrownBy(() -> JdbcStores.migrate(dataSource))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("the database was made by another version of Niro");
    assertThatThrownBy(() -> JdbcStores.requireSchema(dataSource))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageMatching(".*(made by another|of a newer) version of Niro.*");
    check(tx -> assertThat(tx.clusters().list(null, 10)).containsExactly(cluster()));
  }

  @Test
  void texts_that_a_database_cannot_keep_are_kept_as_near_as_can_be() {
    ClusterRow odd =
        new ClusterRow(
            CLUSTER,
            ORGANIZATION,
            "a\0b",
            Environment.PRODUCTION,
            Map.of(),
            null,
            null,
            null,
            null,
            null,
            NOW);
    write(tx -> tx.clusters().insert(odd));

    check(tx -> assertThat(tx.clusters().find(CLUSTER).orElseThrow().name()).isEqualTo("a\uFFFDb"));
  }

  @Test
  void every_column_of_a_cluster_its_token_and_its_key_is_kept() {
    TokenRow token =
        new TokenRow(CLUSTER, "t1", HASH, NOW, NOW.plusSeconds(3600), true, NOW, HASH, "uid-1");
    KeyRow key = new KeyRow(CLUSTER, "k1", HASH, KeyRow.State.CANDIDATE, HASH, NOW, NOW);
    write(
        tx -> {
          tx.clusters().insert(cluster());
          tx.enrollments().put(token);
          tx.keys().insert(key);
        });

    check(
        tx ->
            assertThat(tx.clusters().findByKubeSystemUid(ORGANIZATION, "uid-1"))
                .contains(cluster()));
    check(tx -> assertThat(tx.enrollments().findByKeyId("t1")).contains(token));
    check(tx -> assertThat(tx.keys().live(CLUSTER)).containsExactly(key));
  }

  @Test
  void every_column_of_a_session_and_a_command_is_kept() {
    SessionRow session =
        new SessionRow(CLUSTER, new BootId("b1"), 3, 7, NOW, NOW, "rolling", "{\"a\":1}", NOW, 1);
    CommandRow.Request request =
        new CommandRow.Request(
            "ping",
            CommandRow.Payload.of(new RawJson("{\"n\":1}")),
            "order",
            "idem",
            true,
            "ann",
            NOW,
            NOW.plusSeconds(9));
    CommandRow command =
        new CommandRow(
            new CommandId("cmd_1"),
            CLUSTER,
            request,
            CommandState.OFFERED,
            2,
            new CommandRow.Offer(new BootId("b1"), NOW, NOW.plusSeconds(30)),
            true,
            "why",
            RawJson.EMPTY,
            new RawJson("[1]"),
            null);
    write(
        tx -> {
          tx.clusters().insert(cluster());
          assertThat(tx.sessions().save(session)).isTrue();
          assertThat(tx.commands().insert(command)).isTrue();
        });

    check(tx -> assertThat(tx.sessions().find(CLUSTER)).contains(session));
    check(tx -> assertThat(tx.sessions().generation(CLUSTER, new BootId("b1"))).hasValue(3));
    check(tx -> assertThat(tx.commands().find(CLUSTER, command.id())).contains(command));
    check(
        tx ->
            assertThat(tx.commands().clustersWithDue(NOW.plusSeconds(31), 5))
                .containsExactly(CLUSTER));
  }

  @Test
  void every_column_of_an_incident_a_timeline_entry_and_an_inventory_is_kept() {
    IncidentType type = IncidentType.NODE_NOT_READY;
    Scope scope = Scope.node("n1");
    IncidentRow incident =
        new IncidentRow(
            new IncidentId("inc_1"),
            CLUSTER,
            new IncidentRow.What(Fingerprint.of(CLUSTER, type, scope), type, scope),
            new IncidentRow.Telling(
                Severity.HIGH, "n1 is not ready", Map.of("nodes", List.of("n1", "<b>"))),
            new IncidentRow.Began(NOW, NOW),
            null,
            IncidentRow.Attention.NONE);
    TimelineEntry entry =
        new TimelineEntry(CLUSTER, NOW, "enrolled", "enrolled", Map.of("by", "ann"));
    InventoryRow inventory =
        new InventoryRow(CLUSTER, new BootId("b1"), 1, 4, NOW, 1, new byte[] {1, 2, 3});
    write(
        tx -> {
          tx.clusters().insert(cluster());
          assertThat(tx.incidents().open(incident)).isTrue();
          assertThat(tx.incidents().open(incident)).isFalse();
          tx.timeline().append(entry);
        });
    JdbcStores.over(dataSource).inventory().save(List.of(inventory));

    check(
        tx ->
            assertThat(
                    tx.incidents()
                        .list(Set.of(CLUSTER), IncidentFilter.FIRING, Page.Request.FIRST)
                        .items())
                .containsExactly(incident));
    check(
        tx ->
            assertThat(
                    tx.incidents()
                        .list(Set.of(CLUSTER), IncidentFilter.of(false), Page.Request.FIRST)
                        .items())
                .isEmpty());
    check(
        tx ->
            assertThat(tx.timeline().list(CLUSTER, Set.of("enrolled"), Page.Request.FIRST).items())
                .containsExactly(entry));
    Optional<InventoryRow> stored = JdbcStores.over(reopened()).inventory().find(CLUSTER);
    assertThat(stored.orElseThrow().body()).containsExactly(1, 2, 3);
  }
}
