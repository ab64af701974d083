package cx.niro.server.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.ClusterId;
import cx.niro.core.Environment;
import cx.niro.core.IncidentId;
import cx.niro.core.OrganizationId;
import cx.niro.core.Severity;
import cx.niro.core.incident.Fingerprint;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.incident.Scope;
import cx.niro.core.testkit.ManualTime;
import cx.niro.core.testkit.StepExecutor;
import cx.niro.server.Channels.ChannelSpec;
import cx.niro.server.internal.Platform;
import cx.niro.server.internal.SystemTime;
import cx.niro.server.internal.replica.Leases;
import cx.niro.server.jdbc.JdbcStores;
import cx.niro.server.memory.MemoryStores;
import cx.niro.server.spi.ChannelSelector;
import cx.niro.server.spi.ClusterRow;
import cx.niro.server.spi.IncidentRow;
import cx.niro.server.spi.Notice;
import cx.niro.server.spi.Notifier;
import cx.niro.server.spi.Outcome;
import cx.niro.server.spi.StoreTx;
import cx.niro.server.spi.Stores;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.Test;

/** A whole fleet fails at once. */
class FleetWideTest {
  private static final OrganizationId ACME = new OrganizationId("acme");
  private static final int CLUSTERS = 10_000;

  private final ManualTime time = ManualTime.create();
  private final StepExecutor executor = time.newExecutor();
  private final Platform platform =
      SystemTime.of(time, time.nanos(), new SplittableRandom(1), executor, executor);
  private final List<Notice> people = new ArrayList<>();
  private final List<Notice> machine = new ArrayList<>();

  private Notifications notifications(Stores stores) {
    Notifier slack =
        (notice, settings) -> {
          people.add(notice);
          return Outcome.sent();
        };
    Notifier alertmanager =
        (notice, settings) -> {
          machine.add(notice);
          return Outcome.sent();
        };
    Map<String, Notifier> byKind = Map.of("slack", slack, "alertmanager", alertmanager);
    Sealer sealer = new Sealer(List.of(new byte[32]), new SplittableRandom(2));
    Targets targets = new Targets(Set.of(), id -> Optional.of(ACME));
    Notifications made =
        new Notifications(
            stores,
            platform,
            byKind,
            sealer,
            Silences.NONE,
            new Alarm(),
            targets,
            new Leases(stores, platform, "me"));
    for (String kind : byKind.keySet()) {
      ChannelSpec spec = new ChannelSpec(kind, kind, Map.of(), Severity.LOW, ChannelSelector.ALL);
      made.channels().create(ACME, spec, "ada");
    }
    return made;
  }

  private void open(StoreTx tx, int number) {
    ClusterId id = new ClusterId("cluster-" + number);
    tx.clusters()
        .insert(
            new ClusterRow(
                id,
                ACME,
                "c" + number,
                Environment.PRODUCTION,
                Map.of(),
                null,
                null,
                null,
                time.instant(),
                null,
                time.instant()));
    IncidentType type = IncidentType.CLUSTER_OFFLINE;
    IncidentRow row =
        new IncidentRow(
            new IncidentId("incident-" + number),
            id,
            new IncidentRow.What(Fingerprint.of(id, type, Scope.CLUSTER), type, Scope.CLUSTER),
            new IncidentRow.Telling(Severity.HIGH, "No heartbeat for 150 s", Map.of()),
            new IncidentRow.Began(time.instant(), time.instant()),
            null,
            new IncidentRow.Attention(null, null, null, "fleet_silence"));
    tx.incidents().open(row);
    Marks.mark(tx, row, true, time.instant());
  }

  private static void inPieces(Stores stores, java.util.function.ObjIntConsumer<StoreTx> work) {
    for (int from = 0; from < CLUSTERS; from += 500) {
      int first = from;
      stores.inTransaction(
          tx -> {
            for (int i = first; i < first + 500; i++) {
              work.accept(tx, i);
            }
            return true;
          });
    }
  }

  private void pass(Notifications notifications, int seconds) {
    for (int i = 0; i < seconds; i++) {
      time.advance(Duration.ofSeconds(1));
      notifications.tick();
      time.runDue();
    }
  }

  private void tenThousandIncidentsAreOneMessage(Stores stores) {
    Notifications notifications = notifications(stores);
    inPieces(stores, this::open);
    pass(notifications, 100);

    assertThat(people).hasSize(1);
    assertThat(people.get(0).title()).startsWith("10000 incidents in 10000 clusters: ");
    assertThat(people.get(0).incidents()).hasSize(10);
    assertThat(people.get(0).omitted()).isEqualTo(CLUSTERS - 10);
    assertThat(machine).hasSize(CLUSTERS / 200);
    assertThat(machine.stream().mapToInt(notice -> notice.incidents().size()).sum())
        .isEqualTo(CLUSTERS);
  }

  @Test
  void is_one_message_to_people_and_every_alert_to_alertmanager() {
    tenThousandIncidentsAreOneMessage(MemoryStores.create());
  }

  @Test
  void is_the_same_over_a_database() {
    JdbcConnectionPool pool =
        JdbcConnectionPool.create("jdbc:h2:mem:fleet-wide;DB_CLOSE_DELAY=-1", "", "");
    try {
      JdbcStores.migrate(pool);
      tenThousandIncidentsAreOneMessage(JdbcStores.over(pool, JdbcStores.Commits.DEFERRED));
    } finally {
      pool.dispose();
    }
  }
}
