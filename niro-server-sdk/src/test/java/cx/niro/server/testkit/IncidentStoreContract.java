package cx.niro.server.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cx.niro.core.ClusterId;
import cx.niro.core.IncidentId;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.Severity;
import cx.niro.server.spi.IncidentFilter;
import cx.niro.server.spi.IncidentRow;
import cx.niro.server.spi.Page;
import java.util.ArrayList;
import java.util.HashSet;
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
    return filtered(clusters, IncidentFilter.of(open));
  }

  private List<String> filtered(Set<ClusterId> clusters, IncidentFilter filter) {
    return read(tx -> tx.incidents().list(clusters, filter, Page.Request.FIRST)).items().stream()
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
            new IncidentRow.Acknowledged("ann", StoreRows.T0, "on it ö"),
            FIRST.what().fingerprint(),
            StoreRows.T0,
            "fleet_silence");
    IncidentRow cared = FIRST.with(attention);
    write(tx -> tx.incidents().update(cared));
    assertThat(found(tx -> tx.incidents().find(FIRST.id()))).contains(cared);
    IncidentRow resolved = StoreRows.resolved(cared);
    write(tx -> tx.incidents().update(resolved));
    assertThat(found(tx -> tx.incidents().find(FIRST.id()))).contains(resolved);
    assertThat(resolved.attention()).isEqualTo(attention);
  }

  @Test
  void are_listed_open_ones_first_then_the_worst_then_the_newest() {
    opened(StoreRows.incident(EDGE, "low", "a", Severity.LOW, 0));
    opened(StoreRows.incident(EDGE, "old", "b", Severity.HIGH, 10));
    opened(StoreRows.incident(EDGE, "new", "c", Severity.HIGH, 20));
    opened(StoreRows.incident(EDGE, "same", "d", Severity.HIGH, 20));
    IncidentRow over = StoreRows.incident(EDGE, "over", "e", Severity.HIGH, 30);
    opened(over);
    write(tx -> tx.incidents().update(over.with(new IncidentRow.Resolved(StoreRows.T0, "x"))));

    assertThat(filtered(Set.of(EDGE), IncidentFilter.ALL))
        .containsExactly("same", "new", "old", "low", "over");
  }

  @Test
  void are_filtered_by_severity_type_and_suppression() {
    opened(StoreRows.incident(EDGE, "low", "a", Severity.LOW, 0));
    opened(StoreRows.incident(EDGE, "medium", "b", Severity.MEDIUM, 0));
    IncidentRow explained = StoreRows.incident(EDGE, "explained", "c", Severity.HIGH, 0);
    opened(explained);
    write(
        tx ->
            tx.incidents()
                .update(
                    explained.with(explained.attention().muted(FIRST.what().fingerprint(), null))));
    Set<String> none = Set.of();
    Set<Severity> mild = Set.of(Severity.LOW, Severity.MEDIUM);

    assertThat(filtered(Set.of(EDGE), new IncidentFilter(true, mild, none, null)))
        .containsExactly("medium", "low");
    assertThat(filtered(Set.of(EDGE), new IncidentFilter(null, Set.of(), none, true)))
        .containsExactly("explained");
    assertThat(filtered(Set.of(EDGE), new IncidentFilter(null, Set.of(), none, false)))
        .containsExactly("medium", "low");
    Set<String> type = Set.of("node_not_ready", "pvc_lost");
    assertThat(filtered(Set.of(EDGE), new IncidentFilter(null, Set.of(), type, null))).hasSize(3);
    assertThat(filtered(Set.of(EDGE), new IncidentFilter(null, mild, Set.of("pvc_lost"), null)))
        .isEmpty();
  }

  @Test
  void refuse_a_cursor_that_is_none() {
    for (String cursor : List.of("7", "x/y/z", "1/2026-01-01T00:00:00Z/z", "")) {
      Page.Request page = new Page.Request(cursor, 10);
      assertThatThrownBy(
              () -> read(tx -> tx.incidents().list(Set.of(EDGE), IncidentFilter.ALL, page)))
          .isInstanceOf(InvalidRequestException.class);
    }
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
        read(
            tx ->
                tx.incidents().list(Set.of(EDGE), IncidentFilter.ALL, new Page.Request(null, 10)));
    page.items().forEach(row -> ids.add(row.id().value()));
    opened(StoreRows.incident(EDGE, "late", "late"));
    while (page.nextCursor() != null) {
      Page.Request next = new Page.Request(page.nextCursor(), 10);
      page = read(tx -> tx.incidents().list(Set.of(EDGE), IncidentFilter.ALL, next));
      page.items().forEach(row -> ids.add(row.id().value()));
    }
    assertThat(ids).hasSize(25).startsWith("i24").endsWith("i0");
  }

  /** Far more clusters than any store asks for one by one, most of them without incidents. */
  @Test
  void of_a_large_fleet_are_listed_without_those_of_others() {
    Set<ClusterId> fleet = new HashSet<>(Set.of(EDGE));
    for (int i = 0; i < 300; i++) {
      fleet.add(new ClusterId("quiet-" + i));
    }
    for (int i = 0; i < 30; i++) {
      opened(StoreRows.incident(OTHER, "foreign-" + i, "f" + i));
      if (i % 3 == 0) {
        opened(StoreRows.incident(EDGE, "ours-" + i, "o" + i));
      }
    }
    List<String> seen = new ArrayList<>();
    String cursor = null;
    do {
      Page.Request next = new Page.Request(cursor, 4);
      Page<IncidentRow> page = read(tx -> tx.incidents().list(fleet, IncidentFilter.FIRING, next));
      page.items().forEach(row -> seen.add(row.id().value()));
      cursor = page.nextCursor();
    } while (cursor != null);
    assertThat(seen)
        .containsExactlyElementsOf(list(Set.of(EDGE), true))
        .hasSize(10)
        .allMatch(id -> id.startsWith("ours-"));
    assertThat(list(fleet, false)).isEmpty();
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
