package cx.niro.server.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.ClusterId;
import cx.niro.core.OrganizationId;
import cx.niro.core.protocol.CommandState;
import cx.niro.server.spi.ClusterRow;
import cx.niro.server.spi.IncidentFilter;
import cx.niro.server.spi.KeyRow;
import cx.niro.server.spi.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** {@link cx.niro.server.spi.ClusterStore}. */
abstract class ClusterStoreContract extends StoresUnderTest {
  private static final OrganizationId RIVAL = new OrganizationId("rival");

  @Test
  void are_found_as_they_were_inserted() {
    ClusterRow row = StoreRows.cluster("new", StoreRows.ACME, "new", "uid");
    assertThat(did(tx -> tx.clusters().insert(row))).isTrue();
    assertThat(found(tx -> tx.clusters().find(row.id()))).contains(row);
    assertThat(found(tx -> tx.clusters().find(GONE))).isEmpty();
  }

  @Test
  void have_a_name_that_is_unique_within_the_organization_only() {
    ClusterRow same = StoreRows.cluster("b", StoreRows.ACME, EDGE_ROW.name(), null);
    ClusterRow foreign = StoreRows.cluster("c", RIVAL, EDGE_ROW.name(), null);
    assertThat(did(tx -> tx.clusters().insert(same))).isFalse();
    assertThat(did(tx -> tx.clusters().insert(foreign))).isTrue();
    assertThat(found(tx -> tx.clusters().find(same.id()))).isEmpty();
  }

  @Test
  void of_one_name_are_made_once_however_many_try() {
    List<Boolean> made =
        concurrently(
            20,
            i ->
                stores.inTransaction(
                    tx ->
                        tx.clusters()
                            .insert(StoreRows.cluster("c" + i, StoreRows.ACME, "same", null))));
    assertThat(wins(made)).isEqualTo(1);
  }

  @Test
  void are_replaced_by_an_update() {
    ClusterRow renamed = StoreRows.cluster("edge", StoreRows.ACME, "renamed", "uid");
    assertThat(did(tx -> tx.clusters().update(renamed))).isTrue();
    assertThat(found(tx -> tx.clusters().find(EDGE))).contains(renamed);
  }

  @Test
  void are_not_updated_to_a_taken_name_or_when_they_are_gone() {
    write(tx -> tx.clusters().insert(StoreRows.cluster("other")));
    ClusterRow taken = StoreRows.cluster("edge", StoreRows.ACME, "other name", null);
    assertThat(did(tx -> tx.clusters().update(taken))).isFalse();
    assertThat(did(tx -> tx.clusters().update(StoreRows.cluster("gone")))).isFalse();
    assertThat(found(tx -> tx.clusters().find(EDGE))).contains(EDGE_ROW);
    assertThat(found(tx -> tx.clusters().find(GONE))).isEmpty();
  }

  @Test
  void are_listed_in_pages_ordered_by_id() {
    for (int i = 0; i < 25; i++) {
      String id = String.format("c%02d", (i * 7) % 25);
      write(tx -> tx.clusters().insert(StoreRows.cluster(id)));
    }
    List<String> ids = new ArrayList<>();
    List<ClusterRow> page = read(tx -> tx.clusters().list(null, 10));
    while (!page.isEmpty()) {
      assertThat(page).hasSizeLessThanOrEqualTo(10);
      page.forEach(row -> ids.add(row.id().value()));
      ClusterId last = page.get(page.size() - 1).id();
      page = read(tx -> tx.clusters().list(last, 10));
    }
    assertThat(ids).hasSize(26).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void are_found_by_their_kube_system_uid_within_the_organization_only() {
    ClusterRow mine = StoreRows.cluster("mine", StoreRows.ACME, "mine", "uid-1");
    write(tx -> tx.clusters().insert(mine));
    assertThat(found(tx -> tx.clusters().findByKubeSystemUid(StoreRows.ACME, "uid-1")))
        .contains(mine);
    assertThat(found(tx -> tx.clusters().findByKubeSystemUid(RIVAL, "uid-1"))).isEmpty();
    assertThat(found(tx -> tx.clusters().findByKubeSystemUid(StoreRows.ACME, "uid-2"))).isEmpty();
  }

  @Test
  void take_everything_but_their_keys_with_them_when_they_are_deleted() {
    fill();
    boolean deleted =
        stores.inTransaction(
            tx -> {
              tx.keys().revokeAll(EDGE, StoreRows.T0);
              return tx.clusters().delete(EDGE);
            });
    assertThat(deleted).isTrue();
    write(
        tx -> {
          assertThat(tx.clusters().find(EDGE)).isEmpty();
          assertThat(tx.enrollments().find(EDGE)).isEmpty();
          assertThat(tx.enrollments().findByKeyId("token")).isEmpty();
          assertThat(tx.sessions().find(EDGE)).isEmpty();
          assertThat(tx.commands().list(EDGE, null, Page.Request.FIRST).items()).isEmpty();
          assertThat(tx.commands().findByIdempotencyKey(EDGE, "once")).isEmpty();
          assertThat(
                  tx.incidents().list(Set.of(EDGE), IncidentFilter.ALL, Page.Request.FIRST).items())
              .isEmpty();
          assertThat(tx.timeline().list(EDGE, Set.of(), Page.Request.FIRST).items()).isEmpty();
          assertThat(tx.keys().findByKeyId("key").map(KeyRow::state))
              .contains(KeyRow.State.REVOKED);
        });
    assertThat(stores.inventory().find(EDGE)).isEmpty();
    assertThat(stores.inventory().deltas(EDGE)).isEmpty();
    assertThat(stores.inventory().lastSeen()).isEmpty();
  }

  private void fill() {
    var command = StoreRows.command(EDGE, "done", "once");
    write(
        tx -> {
          tx.enrollments().put(StoreRows.token(EDGE, "token"));
          tx.keys().insert(StoreRows.key(EDGE, "key"));
          tx.sessions().save(StoreRows.session(EDGE, 1, 1, 1));
          tx.commands().insert(command);
          tx.commands().update(command, StoreRows.inState(command, CommandState.FAILED, 1, 30));
          tx.incidents().open(StoreRows.incident(EDGE, "incident", "a"));
          tx.timeline().append(StoreRows.entry(EDGE, 1, "kind"));
        });
    stores.inventory().save(List.of(StoreRows.inventory(EDGE, 1, 1)));
    stores.inventory().append(List.of(StoreRows.delta(EDGE, 1, 2)));
    stores.inventory().touch(Map.of(EDGE, StoreRows.T0));
  }

  @Test
  void are_deleted_once() {
    List<Boolean> deleted =
        concurrently(10, i -> stores.inTransaction(tx -> tx.clusters().delete(EDGE)));
    assertThat(wins(deleted)).isEqualTo(1);
  }

  @Test
  void free_their_name_and_uid_when_they_are_deleted() {
    ClusterRow row = StoreRows.cluster("one", StoreRows.ACME, "name", "uid");
    write(tx -> tx.clusters().insert(row));
    write(tx -> tx.clusters().delete(row.id()));
    ClusterRow again = StoreRows.cluster("two", StoreRows.ACME, "name", "uid");
    assertThat(did(tx -> tx.clusters().insert(again))).isTrue();
    assertThat(found(tx -> tx.clusters().findByKubeSystemUid(StoreRows.ACME, "uid")))
        .contains(again);
  }
}
