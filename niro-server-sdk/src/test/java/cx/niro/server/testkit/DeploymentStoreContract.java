package cx.niro.server.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.ClusterId;
import cx.niro.core.CommandId;
import cx.niro.core.DeploymentId;
import cx.niro.core.managed.DriftState;
import cx.niro.core.protocol.RawJson;
import cx.niro.server.spi.ApplyRow;
import cx.niro.server.spi.ApplyStore;
import cx.niro.server.spi.DeploymentRow;
import cx.niro.server.spi.DeploymentRow.Status;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@link cx.niro.server.spi.DeploymentStore} and {@link ApplyStore}. */
abstract class DeploymentStoreContract extends StoresUnderTest {
  private static final DeploymentRow WEB = deployment(EDGE, "web");
  private static final RawJson REPORT = new RawJson("{\"revision\":1}");

  private static DeploymentRow deployment(ClusterId cluster, String name) {
    return new DeploymentRow(
        new DeploymentId(cluster + "-" + name),
        cluster,
        name,
        "shop",
        new DeploymentRow.Origin("ada", StoreRows.T0),
        new DeploymentRow.Wanted(1, "{}", false, StoreRows.T0),
        new DeploymentRow.Applied(1, Status.PENDING, new CommandId("c1"), null, null),
        null,
        null);
  }

  private static ApplyRow apply(long attempt, long revision) {
    return new ApplyRow(
        WEB.id(),
        attempt,
        revision,
        new CommandId("c" + attempt),
        "ada",
        StoreRows.T0,
        Status.PENDING,
        null,
        null,
        null);
  }

  private static DeploymentRow drifted() {
    return WEB.with(
            new DeploymentRow.Applied(
                2, Status.PARTIAL, new CommandId("c2"), "1 of 2 failed", StoreRows.T0))
        .with(new DeploymentRow.Wanted(2, "{\"a\":1}", true, StoreRows.T0.plusSeconds(1)))
        .with(
            new DeploymentRow.Drift(
                DriftState.DRIFTED, StoreRows.T0, StoreRows.T0.plusSeconds(9), REPORT))
        .with(looked("c3", StoreRows.T0.plusSeconds(8)));
  }

  @Test
  void are_found_by_cluster_and_name_as_they_were_inserted() {
    assertThat(did(tx -> tx.deployments().insert(WEB))).isTrue();
    assertThat(found(tx -> tx.deployments().find(EDGE, "web"))).contains(WEB);
    assertThat(found(tx -> tx.deployments().find(EDGE, "other"))).isEmpty();
    assertThat(found(tx -> tx.deployments().find(GONE, "web"))).isEmpty();
  }

  @Test
  void have_names_that_are_unique_within_a_cluster_that_is_there() {
    write(tx -> tx.clusters().insert(StoreRows.cluster("second")));
    ClusterId second = StoreRows.cluster("second").id();
    assertThat(did(tx -> tx.deployments().insert(WEB))).isTrue();
    assertThat(did(tx -> tx.deployments().insert(deployment(second, "web")))).isTrue();
    DeploymentRow twin =
        new DeploymentRow(
            new DeploymentId("twin"),
            EDGE,
            "web",
            "other",
            WEB.origin(),
            WEB.wanted(),
            WEB.applied(),
            null,
            null);
    assertThat(did(tx -> tx.deployments().insert(twin))).isFalse();
    assertThat(did(tx -> tx.deployments().insert(deployment(GONE, "web")))).isFalse();
  }

  @Test
  void of_concurrent_ones_with_one_name_just_one_is_made() {
    List<Boolean> made =
        concurrently(
            4,
            i ->
                did(
                    tx ->
                        tx.deployments()
                            .insert(
                                new DeploymentRow(
                                    new DeploymentId("web-" + i),
                                    EDGE,
                                    "web",
                                    "shop",
                                    WEB.origin(),
                                    WEB.wanted(),
                                    WEB.applied(),
                                    null,
                                    null))));
    assertThat(wins(made)).isEqualTo(1);
  }

  @Test
  void are_updated_and_listed_by_name_without_reports_of_drift() {
    write(
        tx -> {
          tx.deployments().insert(WEB);
          tx.deployments().insert(deployment(EDGE, "api"));
        });
    assertThat(did(tx -> tx.deployments().update(WEB, drifted()))).isTrue();
    DeploymentRow nobody = deployment(EDGE, "nobody");
    assertThat(did(tx -> tx.deployments().update(nobody, nobody))).isFalse();
    assertThat(found(tx -> tx.deployments().find(EDGE, "web"))).contains(drifted());
    assertThat(listed(tx -> tx.deployments().list(EDGE)))
        .containsExactly(deployment(EDGE, "api"), drifted().withoutReport());
    assertThat(drifted().withoutReport().drift().report()).isNull();
  }

  private static DeploymentRow.Look looked(String command, Instant at) {
    CommandId id = command == null ? null : new CommandId(command);
    return new DeploymentRow.Look(id, "mark", at, 2);
  }

  @Test
  void are_updated_only_as_they_were_seen() {
    DeploymentRow compared =
        drifted()
            .with(
                new DeploymentRow.Drift(
                    DriftState.IN_SYNC, StoreRows.T0, StoreRows.T0.plusMillis(1), null));
    write(tx -> tx.deployments().insert(WEB));
    assertThat(did(tx -> tx.deployments().update(drifted(), compared))).isFalse();
    assertThat(did(tx -> tx.deployments().update(WEB, drifted()))).isTrue();
    for (DeploymentRow stale :
        List.of(
            WEB,
            drifted().with(WEB.wanted()),
            drifted().with(WEB.applied()),
            drifted().with(compared.drift()),
            drifted().with((DeploymentRow.Drift) null),
            drifted().with(looked("c4", StoreRows.T0.plusSeconds(8))),
            drifted().with(looked(null, StoreRows.T0.plusSeconds(8))),
            drifted().with(looked("c3", StoreRows.T0.plusSeconds(9))))) {
      assertThat(did(tx -> tx.deployments().update(stale, compared))).as("%s", stale).isFalse();
    }
    assertThat(found(tx -> tx.deployments().find(EDGE, "web"))).contains(drifted());
    assertThat(did(tx -> tx.deployments().update(drifted(), compared))).isTrue();
  }

  @Test
  void of_concurrent_updates_of_what_all_have_seen_just_one_is_written() {
    write(tx -> tx.deployments().insert(WEB));
    List<Boolean> written =
        concurrently(
            4,
            i ->
                did(
                    tx ->
                        tx.deployments()
                            .update(
                                WEB,
                                WEB.with(
                                    new DeploymentRow.Applied(
                                        2 + i,
                                        Status.PENDING,
                                        new CommandId("n" + i),
                                        null,
                                        null)))));
    assertThat(wins(written)).isEqualTo(1);
  }

  @Test
  void have_a_history_newest_first_whose_entries_end() {
    ApplyRow ended =
        apply(2, 1).finished(Status.PARTIAL, "1 of 2 failed", StoreRows.T0.plusSeconds(9), REPORT);
    write(
        tx -> {
          tx.deployments().insert(WEB);
          tx.applies().append(apply(1, 1));
          tx.applies().append(apply(2, 1));
          tx.applies().update(ended);
        });
    assertThat(listed(tx -> tx.applies().list(WEB.id()))).containsExactly(ended, apply(1, 1));
    assertThat(found(tx -> tx.applies().find(new CommandId("c2")))).contains(ended);
    assertThat(found(tx -> tx.applies().find(new CommandId("c9")))).isEmpty();
  }

  @Test
  void keep_the_newest_20_applies_and_the_manifests_that_they_name() {
    write(
        tx -> {
          tx.deployments().insert(WEB);
          tx.applies().putManifests(WEB.id(), 1, "one");
          tx.applies().putManifests(WEB.id(), 2, "two");
          tx.applies().append(apply(1, 1));
          for (int attempt = 2; attempt <= ApplyStore.KEPT; attempt++) {
            tx.applies().append(apply(attempt, 2));
          }
        });
    assertThat(listed(tx -> tx.applies().list(WEB.id()))).hasSize(ApplyStore.KEPT);
    assertThat(found(tx -> tx.applies().manifests(WEB.id(), 1))).contains("one");

    write(tx -> tx.applies().append(apply(ApplyStore.KEPT + 1, 2)));

    assertThat(listed(tx -> tx.applies().list(WEB.id())))
        .hasSize(ApplyStore.KEPT)
        .doesNotContain(apply(1, 1));
    assertThat(found(tx -> tx.applies().manifests(WEB.id(), 1))).isEmpty();
    assertThat(found(tx -> tx.applies().manifests(WEB.id(), 2))).contains("two");
  }

  @Test
  void go_with_everything_that_belongs_to_them_and_so_they_do_with_their_cluster() {
    for (boolean withCluster : new boolean[] {false, true}) {
      write(
          tx -> {
            tx.deployments().insert(WEB);
            tx.applies().putManifests(WEB.id(), 1, "one");
            tx.applies().append(apply(1, 1));
          });
      assertThat(
              did(
                  tx ->
                      withCluster ? tx.clusters().delete(EDGE) : tx.deployments().delete(WEB.id())))
          .isTrue();
      assertThat(found(tx -> tx.deployments().find(EDGE, "web"))).isEmpty();
      assertThat(listed(tx -> tx.applies().list(WEB.id()))).isEmpty();
      assertThat(found(tx -> tx.applies().manifests(WEB.id(), 1))).isEmpty();
    }
    assertThat(did(tx -> tx.deployments().delete(WEB.id()))).isFalse();
    write(tx -> tx.applies().append(apply(1, 1)));
    write(tx -> tx.applies().putManifests(WEB.id(), 1, "one"));
    assertThat(listed(tx -> tx.applies().list(WEB.id()))).isEmpty();
  }
}
