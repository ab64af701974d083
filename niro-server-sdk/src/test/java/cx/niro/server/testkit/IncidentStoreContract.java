package cx.niro.server.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.ClusterId;
import cx.niro.core.IncidentId;
import cx.niro.server.spi.IncidentRow;
import cx.niro.server.spi.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@link cx.niro.server.spi.IncidentStore}. */
abstract class IncidentStoreContract extends StoresUnderTest {
  private static final ClusterId OTHER = new ClusterId("other");
  private static final IncidentRow FIRST = StoreRows.incident(EDGE, "first", "a");

  @BeforeEach
  void another() {
    write(tx -> tx.clusters().insert(StoreRows.cluster("other")));
  }

  private boolean opened(IncidentRow row) {
    return stores.inTransaction(tx -> tx.incidents().open(row));
  }

  private List<String> list(Set<ClusterId> clusters, @Nullable Boolean open) {
    return read(tx -> tx.incidents().list(clusters, open, Page.Request.FIRST)).items().stream()
        .map(row -> row.id().value())
        .toList();
  }

  @Test
  void are_found_as_they_were_opened() {
    assertThat(opened(FIRST)).isTrue();
    assertThat(found(tx -> tx.incidents().find(FIRST.id()))).contains(FIRST);
    assertThat(found(tx -> tx.incidents().findOpen(EDGE, FIRST.what().fingerprint())))
        .contains(FIRST);
    assertThat(found(tx -> tx.incidents().findOpen(OTHER, FIRST.what().fingerprint()))).isEmpty();
    assertThat(found(tx -> tx.incidents().find(new IncidentId("nobody")))).isEmpty();
  }

  @Test
  void of_one_fingerprint_are_open_once() {
    opened(FIRST);
    assertThat(opened(StoreRows.incident(EDGE, "again", "a"))).isFalse();
    assertThat(opened(StoreRows.incident(EDGE, "different", "b"))).isTrue();
    assertThat(opened(StoreRows.incident(OTHER, "foreign", "a"))).isTrue();
    assertThat(listed(tx -> tx.incidents().openOf(EDGE))).hasSize(2);
  }

  @Test
  void of_one_fingerprint_are_opened_once_however_many_try() {
    List<Boolean> opened = concurrently(30, i -> opened(StoreRows.incident(EDGE, "i" + i, "a")));
    assertThat(wins(opened)).isEqualTo(1);
    assertThat(list(Set.of(EDGE), null)).hasSize(1);
  }

  @Test
  void may_open_again_after_they_were_resolved() {
    opened(FIRST);
    IncidentRow resolved = StoreRows.resolved(FIRST);
    write(tx -> tx.incidents().update(resolved));
    assertThat(found(tx -> tx.incidents().find(FIRST.id()))).contains(resolved);
    assertThat(found(tx -> tx.incidents().findOpen(EDGE, FIRST.what().fingerprint()))).isEmpty();
    assertThat(opened(StoreRows.incident(EDGE, "again", "a"))).isTrue();
    assertThat(list(Set.of(EDGE), null)).containsExactly("again", "first");
  }

  @Test
  void keep_who_cares_for_them_while_they_are_told_anew() {
    opened(FIRST);
    IncidentRow.Attention attention =
        new IncidentRow.Attention(
            "ann", StoreRows.T0, FIRST.what().fingerprint(), StoreRows.T0, "fleet_silence");
    IncidentRow cared = FIRST.with(attention);
    write(tx -> tx.incidents().update(cared));
    assertThat(found(tx -> tx.incidents().find(FIRST.id()))).contains(cared);
    IncidentRow resolved = StoreRows.resolved(cared);
    write(tx -> tx.incidents().update(resolved));
    assertThat(found(tx -> tx.incidents().find(FIRST.id()))).contains(resolved);
    assertThat(resolved.attention()).isEqualTo(attention);
  }

  @Test
  void are_listed_newest_first_by_cluster_and_by_being_open() {
    opened(FIRST);
    opened(StoreRows.incident(OTHER, "foreign", "a"));
    opened(StoreRows.incident(EDGE, "second", "b"));
    write(tx -> tx.incidents().update(StoreRows.resolved(FIRST)));
    assertThat(list(Set.of(EDGE), null)).containsExactly("second", "first");
    assertThat(list(Set.of(EDGE), true)).containsExactly("second");
    assertThat(list(Set.of(EDGE), false)).containsExactly("first");
    assertThat(list(Set.of(EDGE, OTHER), true)).containsExactly("second", "foreign");
    assertThat(list(Set.of(), null)).isEmpty();
  }

  @Test
  void are_listed_in_pages_that_stay_stable_while_others_arrive() {
    for (int i = 0; i < 25; i++) {
      opened(StoreRows.incident(EDGE, "i" + i, "node-" + i));
    }
    List<String> ids = new ArrayList<>();
    Page<IncidentRow> page =
        read(tx -> tx.incidents().list(Set.of(EDGE), null, new Page.Request(null, 10)));
    page.items().forEach(row -> ids.add(row.id().value()));
    opened(StoreRows.incident(EDGE, "late", "late"));
    while (page.nextCursor() != null) {
      Page.Request next = new Page.Request(page.nextCursor(), 10);
      page = read(tx -> tx.incidents().list(Set.of(EDGE), null, next));
      page.items().forEach(row -> ids.add(row.id().value()));
    }
    assertThat(ids).hasSize(25).startsWith("i24").endsWith("i0");
  }

  @Test
  void are_deleted_only_when_they_are_resolved() {
    opened(FIRST);
    assertThat(deleteResolved()).isFalse();
    write(tx -> tx.incidents().update(StoreRows.resolved(FIRST)));
    assertThat(deleteResolved()).isTrue();
    assertThat(deleteResolved()).isFalse();
    assertThat(found(tx -> tx.incidents().find(FIRST.id()))).isEmpty();
  }

  private boolean deleteResolved() {
    return stores.inTransaction(tx -> tx.incidents().deleteResolved(FIRST.id()));
  }
}
